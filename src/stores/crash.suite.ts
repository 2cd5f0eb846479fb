import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Starts `script` (a file URL) with `args` as a process of its own, lets it report what it was told is durable, one
 * line each on stdout, and kills it (SIGKILL) a random moment after `enough` lines. Returns every line it managed to
 * write. The child has to keep on working until it dies.
 */
async function killedWhileWriting(script: URL, args: readonly string[], enough: number): Promise<string[]> {
  const child = spawn(process.execPath, [script.pathname, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let complaint = '';
  child.stderr.on('data', (bytes: Buffer) => {
    complaint += bytes.toString();
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      if (linesOf(text).length >= enough) resolve();
    });
    child.on('exit', (code) => reject(new Error(`the writer ended by itself with ${code}: ${complaint}`)));
  }).catch((error: unknown) => {
    if (child.signalCode === null) throw error;
  });
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
  await kill(child);
  return linesOf(text);
}

/** The same three times, each going on where the one before died; `url` and the round's name are the arguments. */
export async function killedThreeTimes(script: URL, url: string, enough: number): Promise<string[]> {
  const lines: string[] = [];
  for (const round of ['a', 'b', 'c'])
    lines.push(...(await killedWhileWriting(script, [url, round], enough)));
  return lines;
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

/** Whole lines only: the last one may be half written. */
const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);
