/** What of the segments has to be judged now, and judging it. */
import { type Clock, DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import { key64 } from '../../kernel/ids.ts';
import type { SensitivityJudge } from '../validate/sensitivity.service.ts';
import type { Judgement } from './decide-use.ts';
import type { AskedSubject, Subjects } from './subjects.service.ts';
import type { UseStore } from './use-store.service.ts';

interface Deps {
  readonly clock: Clock;
  readonly store: UseStore;
  readonly subjects: Subjects;
  readonly judge: SensitivityJudge;
  readonly sensitiveFields: () => readonly string[];
}

const AGAIN_MS = DAY_MS;
/** While there were too few people to say: they may come. */
const AGAIN_UNCHECKED_MS = HOUR_MS;
/** Judged with one pass over each sensitive trait. */
const AT_ONCE = 100;

/** Segments whose members are being written, not by the stream. */
export interface Writing {
  /** Call what comes back once they are written. */
  begin(segments: readonly string[]): () => void;
  isGoingOn(segment: string): boolean;
  /** From now on: tells whether a segment's members were, or are being, written since. */
  watch(): (segment: string) => boolean;
}

export function createWriting(): Writing {
  const going = new Set<string>();
  const begun = new Map<string, number>();
  let count = 0;
  return {
    begin(segments) {
      count += 1;
      for (const segment of segments) {
        going.add(segment);
        begun.set(segment, count);
      }
      return () => segments.forEach((segment) => void going.delete(segment));
    },
    isGoingOn: (segment) => going.has(segment),
    watch() {
      const since = count;
      return (segment) => going.has(segment) || (begun.get(segment) ?? 0) > since;
    },
  };
}

/** Gives back all segments there are. */
export async function judgeDue(deps: Deps, writing: Writing, signal: AbortSignal): Promise<AskedSubject[]> {
  const { store, clock } = deps;
  const isWritten = writing.watch();
  const all = await deps.subjects();
  const marks = key64(JSON.stringify(deps.sensitiveFields()));
  const kept = await store.judgements();
  const due = all.filter(
    (one) => !isWritten(one.segment) && isDue(one, kept.get(one.segment), marks, clock.now_ms()),
  );
  for (let from = 0; from < due.length && !signal.aborted; from += AT_ONCE) {
    const some = due.slice(from, from + AT_ONCE);
    const reports = await deps.judge(some.map(({ segment, asks }) => ({ segment, fields: asks() })));
    const judged_at = new Date(clock.now_ms()).toISOString();
    const fresh = some.map(({ segment, basis, work = '' }, i): Judgement => {
      const { findings = [], checked = { fields: 0, traits: [] }, unchecked = [] } = reports[i] ?? {};
      return { segment, basis, work, marks, judged_at, findings, checked, unchecked };
    });
    // Members that were written meanwhile are judged once they all are.
    await store.judge(fresh.filter(({ segment }) => !isWritten(segment)));
  }
  const there = new Set(all.map((one) => one.segment));
  await store.forget([...kept.keys()].filter((segment) => !there.has(segment)));
  return all;
}

function isDue(
  subject: AskedSubject,
  judgement: Judgement | undefined,
  marks: string,
  now_ms: number,
): boolean {
  if (subject.work === undefined) return false;
  if (judgement === undefined) return true;
  const { basis, work, judged_at, unchecked } = judgement;
  if (basis !== subject.basis || work !== subject.work || judgement.marks !== marks) return true;
  return now_ms - Date.parse(judged_at) >= (unchecked.length > 0 ? AGAIN_UNCHECKED_MS : AGAIN_MS);
}
