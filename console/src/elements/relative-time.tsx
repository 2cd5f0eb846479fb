import { useSyncExternalStore } from 'react';

let now_ms = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for the whole page, so that hundreds of times move together and cost one timer. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now_ms = Date.now();
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** '4 s ago', 'in 2 h'; an ISO date in, plain words out. */
export function relativeTime(at: string, reference_ms: number): string {
  const distance_s = Math.round((reference_ms - Date.parse(at)) / 1_000);
  if (Number.isNaN(distance_s)) return 'unknown';
  const size_s = Math.abs(distance_s);
  if (size_s < 2) return 'now';
  const text =
    size_s < 60
      ? `${size_s} s`
      : size_s < 3_600
        ? `${Math.floor(size_s / 60)} min`
        : size_s < 172_800
          ? `${Math.floor(size_s / 3_600)} h`
          : `${Math.floor(size_s / 86_400)} d`;
  return distance_s > 0 ? `${text} ago` : `in ${text}`;
}

/** The same moment in UTC and on the person's own clock. */
export function absoluteTime(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const utc = date.toISOString().replace('T', ' ').replace('Z', '');
  return `${utc} UTC\n${date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' })} local time`;
}

export function RelativeTime({ at }: { readonly at: string | null | undefined }) {
  const text = useSyncExternalStore(subscribe, () =>
    at === null || at === undefined || at === '' ? 'never' : relativeTime(at, now_ms),
  );
  if (at === null || at === undefined || at === '') return <span>{text}</span>;
  return (
    <time dateTime={at} title={absoluteTime(at)}>
      {text}
    </time>
  );
}
