/**
 * `npm run -s bench -- NAME [--json] [options]`: runs one benchmark, prints its figures (one JSON line with --json), and
 * keeps the run with machine and commit under bench/results/.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { crash } from './crash.ts';
import { ingest } from './ingest.ts';
import { linkage } from './linkage.ts';
import { resolve } from './resolve.ts';
import { segments } from './segments.ts';

const BENCHES: Record<string, { summary: string; run(options: Options): Promise<object> }> = {
  ingest: {
    summary: 'batches of 20 over HTTP (--seconds 60 --rate 12000)',
    run: ({ seconds = 60, rate = 12_000 }) => ingest({ batch: 20, seconds, offered_per_s: rate }),
  },
  'ingest-single': {
    summary: 'one event a request, as browsers send (--seconds 60 --rate 2000)',
    run: ({ seconds = 60, rate = 2_000 }) => ingest({ batch: 1, seconds, offered_per_s: rate }),
  },
  crash: {
    summary: 'SIGKILL at random moments under load (--cycles 50 --seed 1)',
    run: ({ cycles, seed }) => crash({ cycles: cycles ?? 50, seed: seed ?? 1 }),
  },
  linkage: {
    summary: 'records matched with themselves (--records 1000000 --seed 1)',
    run: ({ records = 1_000_000, seed = 1 }) => linkage({ records, seed }),
  },
  resolve: {
    summary: 'an identify-heavy stream through the identity step (--events 1000000 --seed 1)',
    run: ({ events = 1_000_000, seed = 1 }) => resolve({ events, seed }),
  },
  segments: {
    summary:
      'a hundred segments, worked out and kept up to date (--profiles 1000000 --events 50000000 --seed 1)',
    run: ({ profiles = 1_000_000, events = 50_000_000, seed = 1 }) => segments({ profiles, events, seed }),
  },
};

interface Options {
  readonly seconds: number | undefined;
  readonly cycles: number | undefined;
  readonly seed: number | undefined;
  readonly rate: number | undefined;
  readonly records: number | undefined;
  readonly events: number | undefined;
  readonly profiles: number | undefined;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    cycles: { type: 'string' },
    seed: { type: 'string' },
    rate: { type: 'string' },
    records: { type: 'string' },
    events: { type: 'string' },
    profiles: { type: 'string' },
  },
});

const name = positionals[0] ?? '';
const bench = BENCHES[name];
if (bench === undefined) {
  process.stderr.write(
    `Name a benchmark:\n${Object.entries(BENCHES)
      .map(([key, { summary }]) => `  ${key.padEnd(14)} ${summary}`)
      .join('\n')}\n`,
  );
  process.exit(2);
}

const figures = await bench.run({
  seconds: whole('seconds'),
  cycles: whole('cycles'),
  seed: whole('seed'),
  rate: whole('rate'),
  records: whole('records'),
  events: whole('events'),
  profiles: whole('profiles'),
});
const at = new Date().toISOString();
const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memory_gib: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
const folder = new URL('results/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(
  new URL(`${name}-${at.replaceAll(':', '').slice(0, 15)}.json`, folder),
  `${JSON.stringify({ bench: name, at, commit: commit(), machine, ...figures }, null, 2)}\n`,
);
if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
else for (const [key, value] of Object.entries(figures)) process.stdout.write(`${key.padEnd(24)} ${value}\n`);

function whole(key: keyof Options): number | undefined {
  const text = values[key];
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text) || Number(text) < 1) {
    process.stderr.write(`--${key} takes a whole number from 1 on, not ${text}\n`);
    process.exit(2);
  }
  return Number(text);
}

/** With a `+` when the working tree differs from it. */
function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return (
      git('rev-parse', '--short', 'HEAD') +
      (git('status', '--porcelain', '--', 'src', 'simulate', 'bench') === '' ? '' : '+')
    );
  } catch {
    return 'unknown';
  }
}
