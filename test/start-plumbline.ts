/** Starts the real program in a process of its own, on a free port and a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../bin/plumbline.js', import.meta.url));
const START_TIMEOUT_MS = 60_000;

export interface StartOptions {
  /** Kept after `stop()` when given; else a temporary folder that goes with it. */
  readonly dataDir?: string;
  readonly command?: 'serve' | 'demo';
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningPlumbline {
  readonly url: string;
  readonly dataDir: string;
  /** One-time link for the first sign-in; empty once a password is set. */
  readonly signInUrl: string;
  readonly pid: number;
  /** Calls the API as the local administrator; rejects on any status of 400 or more. */
  api<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Write key of a source, made when it does not exist. */
  writeKey(source: string, type?: string): Promise<string>;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Graceful; removes the folder when it was temporary. Returns the exit code. */
  stop(): Promise<number | null>;
}

interface SourceAnswer {
  readonly id: string;
  readonly name: string;
  readonly keys: readonly { readonly write_key: string }[];
}

export async function startPlumbline(options: StartOptions = {}): Promise<RunningPlumbline> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'plumbline-'));
  const child = spawn(
    process.execPath,
    [LAUNCHER, options.command ?? 'serve', '--data', dataDir, '--port', '0', ...(options.args ?? [])],
    {
      env: { ...process.env, PLUMBLINE_LOG_LEVEL: 'warn', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const { url, signInUrl } = await readyLines(child);

  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const token = readFileSync(join(dataDir, 'local-token'), 'utf8').trim();
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };

  return {
    url,
    dataDir,
    signInUrl,
    pid: child.pid ?? 0,
    api,
    async writeKey(name, type = 'server') {
      const { sources } = await api<{ sources: SourceAnswer[] }>('GET', '/api/sources');
      const known = sources.find((source) => source.name === name);
      const key = known?.keys[0]?.write_key;
      if (key !== undefined) return key;
      const made = await api<{ source: SourceAnswer }>('POST', '/api/sources', { name, type });
      return made.source.keys[0]?.write_key ?? '';
    },
    async kill(signal) {
      child.kill(signal);
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      const code = await exited;
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}

/** The program says where it is, and how to sign in first, on standard output. */
function readyLines(child: ChildProcess): Promise<{ url: string; signInUrl: string }> {
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`not ready within ${START_TIMEOUT_MS / 1000} s\n${out}\n${err}`));
    }, START_TIMEOUT_MS);
    child.stderr?.on('data', (chunk: Buffer) => {
      err = (err + chunk.toString()).slice(-20_000);
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      out = (out + chunk.toString()).slice(-20_000);
      const ready = /Plumbline is ready at (http\S+)/.exec(out);
      if (ready?.[1] === undefined) return;
      clearTimeout(timer);
      resolve({ url: ready[1], signInUrl: /(http\S+\/sign-in\?token=\S+)/.exec(out)?.[1] ?? '' });
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`ended with ${code} before it was ready\n${out}\n${err}`));
    });
  });
}
