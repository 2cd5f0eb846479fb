/** What a process holds in memory, apart: its own pages, and pages of mapped files that the system takes back at need. */
import { readFileSync } from 'node:fs';

export interface Memory {
  readonly anon_mb: number;
  readonly file_mb: number;
}

const SAMPLE_MS = 1_000;
/** The middle of so many samples stands for a moment: garbage collection makes a sawtooth. */
const WINDOW = 10;

/** Samples every second until `stop`, which tells the first and the last ten seconds; undefined where /proc is not. */
export function watchMemory(pid: number): { stop(): { start: Memory; end: Memory } | undefined } {
  const samples: Memory[] = [];
  const sample = () => {
    const memory = memoryOf(pid);
    if (memory !== undefined) samples.push(memory);
  };
  sample();
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      if (samples.length === 0) return undefined;
      return { start: middle(samples.slice(0, WINDOW)), end: middle(samples.slice(-WINDOW)) };
    },
  };
}

function memoryOf(pid: number): Memory | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1_024;
    return { anon_mb: mb('RssAnon'), file_mb: mb('RssFile') };
  } catch {
    return undefined;
  }
}

function middle(samples: readonly Memory[]): Memory {
  const of = (key: keyof Memory) => {
    const sorted = samples.map((sample) => sample[key]).sort((a, b) => a - b);
    return Math.round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN);
  };
  return { anon_mb: of('anon_mb'), file_mb: of('file_mb') };
}
