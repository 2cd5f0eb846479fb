/** How often a segment is worth a refresh: what it costs against how much changes. Pure; the reasons are for people. */
import type { Every } from '../rules/segment-body.ts';

export interface CadenceFacts {
  /** Events and time could decide it at once. */
  readonly streamable: boolean;
  readonly every: Every;
  /** Of the last refresh, and how many segments were refreshed by it; null: none yet. */
  readonly seconds: number | null;
  readonly together: number;
  readonly people: number;
  /** Of their own accord: not the first computation, nor a changed rule. In the days that it was watched, at most seven. */
  readonly changes: number;
  /** Since its rule was worked out as it is; not whole. */
  readonly watched_days: number;
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

/** Before this nothing can be said of a day. */
const WATCHED_LEAST_DAYS = 1;

/** More changes never make it seldomer, nor does a cheaper refresh. */
export function adviseCadence(facts: CadenceFacts): CadenceAdvice {
  const { streamable, every, seconds, together, people, changes, watched_days, used_by } = facts;
  const used = used_by > 0 ? [`${used_by} other segments rest on it`] : [];
  if (streamable) {
    const reason = 'events and time decide it as they come, which costs no scan';
    return {
      every: 'stream',
      reasons: every === 'stream' ? [reason] : [reason, `every ${every} it would be late for nothing`],
    };
  }
  const cannot = 'it asks for something that only a scan knows';
  const asked = every === 'stream' ? 'day' : every;
  if (seconds === null)
    return { every: asked, reasons: [cannot, 'what a refresh costs is not known yet', ...used] };
  const shared = together > 1 ? ` for ${together} segments together, of which its part is not known` : '';
  const cost = `a refresh takes ${seconds.toFixed(1)} s${shared}`;
  const affordable = (times_a_day: number) => (seconds * times_a_day) / DAY_S <= SHARE_MAX;
  if (watched_days < WATCHED_LEAST_DAYS)
    return {
      every: asked,
      reasons: [cannot, 'it is too early to tell how much changes a day', cost, ...used],
    };
  const daily = changes / watched_days / Math.max(1, people);
  const lively = `${percent(daily)} of its people change a day, over ${wholeDays(watched_days)}`;
  if (!affordable(1))
    return { every: 'week', reasons: [cannot, `${cost}: more than ${SHARE_MAX * 100} % of a day`, ...used] };
  if (daily >= LIVELY_SHARE && affordable(24))
    return { every: 'hour', reasons: [cannot, lively, `${cost}: 24 a day are affordable`, ...used] };
  if (daily < QUIET_SHARE && used_by === 0)
    return { every: 'week', reasons: [cannot, `only ${lively}`, cost] };
  return { every: 'day', reasons: [cannot, lively, cost, ...used] };
}

const wholeDays = (days: number): string => (Math.floor(days) === 1 ? 'a day' : `${Math.floor(days)} days`);

/** Two digits that count, so that a little is not said as nothing. */
const percent = (share: number): string =>
  share === 0 ? '0 %' : `${Number((share * 100).toPrecision(2))} %`;
