import { Command, CommanderError } from 'commander';
import type { OpenApi } from '../http/openapi.ts';
import { AppError } from '../kernel/errors.ts';
import { type ConnectOptions, createApiClient } from './api-client.ts';
import { addApiCommands } from './api-commands.ts';
import { addDefinitionCommands } from './definition-commands.ts';
import { CliError, type Io } from './io.ts';
import { addServerCommands } from './server-commands.ts';

/** Runs one command line and gives back its exit code: 0 done, 1 refused or failed, 2 definitions with problems. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const program = createProgram(io);
  try {
    const { operands } = program.parseOptions([...args]);
    const [word] = operands;
    const known = program.commands.some((command) => command.name() === word);
    if (!known) await addServerVerbs(program, word, io);
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (error instanceof CliError) {
      io.err(error.message);
      return error.exit_code;
    }
    if (error instanceof AppError) {
      io.err(error.details.message);
      return 1;
    }
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      io.err('Another program listens on this port already. Stop it, or name another port with --port.');
      return 1;
    }
    throw error;
  }
}

function createProgram(io: Io): Command {
  const program = new Command('plumbline')
    .description('Marketing data, decisions and measurement in one program.')
    .option('--url <address>', 'the server (PLUMBLINE_URL; default http://127.0.0.1:4700)')
    .option('--token <token>', "API token (PLUMBLINE_TOKEN; default the server's own on this machine)")
    .option('--data <folder>', "the server's data folder (PLUMBLINE_DATA; default ./data)")
    .option('--json', 'answers as JSON, for machines')
    .exitOverride()
    .showHelpAfterError('(see --help)')
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
    });
  addServerCommands(program);
  addDefinitionCommands(program, io);
  return program;
}

/** Learns the other verbs from the server. Asked for help only, a silent server is no error. */
async function addServerVerbs(program: Command, word: string | undefined, io: Io): Promise<void> {
  try {
    const api = createApiClient(program.opts<ConnectOptions>(), io.env);
    addApiCommands(program, await api.call<OpenApi>('GET', '/api/openapi.json'), io);
  } catch (error) {
    if (!(error instanceof CliError) || (word !== undefined && word !== 'help')) throw error;
    program.addHelpText(
      'after',
      '\nMore commands are shown while a server answers: sources, events, quarantine, releases, …',
    );
  }
}
