import type { Command } from 'commander';

interface Flags {
  readonly data?: string;
  readonly host?: string;
  readonly port?: string;
}

/** serve and demo. The program behind them is loaded only when one of them runs. */
export function addServerCommands(program: Command): void {
  const listening = (command: Command) =>
    command
      .option('--host <address>', 'where to listen')
      .option('--port <number>', 'port to listen on, 0 for a free one');

  listening(program.command('serve'))
    .description('start Plumbline')
    .action(async (_: Flags, command: Command) => {
      const { serve } = await import('../app/main.ts');
      await serve(command.optsWithGlobals<Flags>());
    });

  listening(program.command('demo'))
    .description('start Plumbline with a simulated shop: history first, then live traffic')
    .option('--people <number>', 'people in the market')
    .option('--days <number>', 'days of history')
    .option('--seed <text>', 'the same seed makes the same market')
    .action(async (_: Flags, command: Command) => {
      const { demo } = await import('../app/main.ts');
      await demo(command.optsWithGlobals<Flags & { people?: string; days?: string; seed?: string }>());
    });
}
