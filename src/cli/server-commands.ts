import type { Command } from 'commander';

/** serve and demo. The program behind them is loaded only when one of them runs. */
export function addServerCommands(program: Command): void {
  const listening = (command: Command) =>
    command
      .option('--host <address>', 'where to listen')
      .option('--port <number>', 'port to listen on, 0 for a free one');

  listening(program.command('serve'))
    .description('start Plumbline')
    .action(async (_: unknown, command: Command) => {
      const { serve } = await import('../app/main.ts');
      await serve(picked(command, ['data', 'host', 'port']));
    });

  listening(program.command('demo'))
    .description('start Plumbline with a simulated shop: history first, then live traffic')
    .option('--people <number>', 'people in the market')
    .option('--days <number>', 'days of history')
    .option('--seed <number>', 'the same seed makes the same market')
    .option('--events-per-s <number>', 'live events per second')
    .action(async (_: unknown, command: Command) => {
      const { demo } = await import('../app/demo.ts');
      await demo(picked(command, ['data', 'host', 'port', 'people', 'days', 'seed', 'eventsPerS']));
    });
}

/** The flags that were given, of those named. */
function picked<Name extends string>(command: Command, names: readonly Name[]): { [name in Name]?: string } {
  const given = command.optsWithGlobals<Readonly<Record<string, string | undefined>>>();
  return Object.fromEntries(
    names.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
  ) as {
    [name in Name]?: string;
  };
}
