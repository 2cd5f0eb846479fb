import { createInterface } from 'node:readline/promises';
import { run } from './run.ts';

/** The command line of this process; ends with its exit code. */
export async function main(): Promise<void> {
  const code = await run(process.argv.slice(2), {
    env: process.env,
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
    ...(process.stdin.isTTY && process.stdout.isTTY ? { ask } : {}),
  });
  process.exitCode = code;
}

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
