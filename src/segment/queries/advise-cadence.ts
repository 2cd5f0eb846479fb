/** How often a segment is worth a refresh: what it costs against how much changes. Pure; the reasons are for people. */
import type { Every } from '../rules/segment-body.ts';

export interface CadenceFacts {
  /** Events and time could decide it at once. */
  readonly streamable: boolean;
  readonly every: Every;
  /** Of the last refresh; null: none yet. */
  readonly seconds: number | null;
  readonly people: number;
  /** Of their own accord: not the first computation, nor a changed rule. */
  readonly changes_7d: number;
  readonly used_by: number;
}

export interface CadenceAdvice {
  readonly every: Every;
  readonly reasons: readonly string[];
}

/** Of a day's computing that one segment's refreshes may take. */
const SHARE_MAX = 0.02;
const DAY_S = 86_400;
/** Below this part of the people a day nobody would notice. */
const QUIET_SHARE = 0.001;
const LIVELY_SHARE = 0.05;

export function adviseCadence(facts: CadenceFacts): CadenceAdvice {
  const { streamable, every, seconds, people, changes_7d, used_by } = facts;
  const used = used_by > 0 ? [`${used_by} other segments rest on it`] : [];
  if (streamable) {
    const reason = 'events and time decide it as they come, which costs no scan';
    return {
      every: 'stream',
      reasons: every === 'stream' ? [reason] : [reason, `every ${every} it would be late for nothing`],
    };
  }
  const cannot = 'it asks for something that only a scan knows';
  if (seconds === null) return { every: 'day', reasons: [cannot, 'what a refresh costs is not known yet'] };
  const daily = people === 0 ? 0 : changes_7d / 7 / people;
  const cost = `a refresh takes ${seconds.toFixed(1)} s`;
  const affordable = (times_a_day: number) => (seconds * times_a_day) / DAY_S <= SHARE_MAX;
  const lively = `${(daily * 100).toFixed(1)} % of its people change a day`;
  if (daily >= LIVELY_SHARE && affordable(24))
    return { every: 'hour', reasons: [cannot, lively, `${cost}: 24 a day are affordable`, ...used] };
  if (daily < QUIET_SHARE && used_by === 0 && changes_7d > 0) {
    return { every: 'week', reasons: [cannot, `only ${lively}`, cost] };
  }
  if (!affordable(1))
    return { every: 'week', reasons: [cannot, `${cost}: more than ${SHARE_MAX * 100} % of a day`, ...used] };
  return { every: 'day', reasons: [cannot, lively, cost, ...used] };
}
