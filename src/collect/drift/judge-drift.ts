/**
 * Says which changes of an event's fields are more than chance. A finding needs enough events on both sides, enough
 * sightings, and intervals (99.9 %) that do not touch; so a small sample raises no alarm. Assumes that the mix of
 * senders is the same before and now: a campaign that changes who comes can look like drift.
 */
import { type Share, wilsonInterval } from './wilson-interval.ts';

export const DRIFT_KINDS = [
  'type_change',
  'vanished_field',
  'null_spike',
  'vanished_event',
  'new_field',
  'new_event',
] as const;
export type DriftKind = (typeof DRIFT_KINDS)[number];

export const RULES = {
  /** Events needed on each side before a field, or a source's mix of events, is judged. */
  min_events: 50,
  /** Sightings needed of what is new or gone. */
  min_sightings: 10,
  /** New or gone means: now at most this part of the other side's share. */
  remnant: 0.1,
  /** Empty values must rise by this much, surely. */
  empty_rise: 0.05,
  /** A known type must win this much, surely, to count as a change. */
  type_rise: 0.2,
} as const;

/** By kind: events and sample values. `empty` is null or empty text. */
export interface FieldShape {
  readonly kinds: ReadonlyMap<string, { readonly events: number; readonly samples: readonly string[] }>;
}

export interface EventShape {
  readonly events: number;
  readonly fields: ReadonlyMap<string, FieldShape>;
}

export interface Drift {
  readonly kind: DriftKind;
  /** Empty for an event as a whole. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly share_before: Share;
  readonly share_after: Share;
  /** Events that show it. */
  readonly count: number;
  readonly samples: readonly string[];
}

const NO_FIELD: FieldShape = { kinds: new Map() };

/** Field by field; what happens below a field that itself has a finding is left out. Order does not matter. */
export function judgeFields(before: EventShape, after: EventShape): Drift[] {
  if (before.events < RULES.min_events || after.events < RULES.min_events) return [];
  const paths = new Set([...before.fields.keys(), ...after.fields.keys()]);
  const found = new Map<string, Drift>();
  // Parents sort before their fields.
  for (const path of [...paths].sort()) {
    if (parentsOf(path).some((parent) => found.has(parent))) continue;
    const drift = judgeField(
      path,
      { ...before, field: before.fields.get(path) ?? NO_FIELD },
      { ...after, field: after.fields.get(path) ?? NO_FIELD },
    );
    if (drift !== undefined) found.set(path, drift);
  }
  return [...found.values()];
}

interface Side {
  readonly events: number;
  readonly field: FieldShape;
}

function judgeField(path: string, before: Side, after: Side): Drift | undefined {
  const seen_before = wilsonInterval(sightings(path, before.field), before.events);
  const seen_after = wilsonInterval(sightings(path, after.field), after.events);
  const base = { path, before: kindsText(before.field), after: kindsText(after.field) };
  const shares = { share_before: seen_before, share_after: seen_after };
  if (isNew(seen_before, seen_after, sightings(path, after.field))) {
    return {
      kind: 'new_field',
      ...base,
      ...shares,
      count: sightings(path, after.field),
      samples: samplesOf(after.field),
    };
  }
  if (isNew(seen_after, seen_before, sightings(path, before.field))) {
    return {
      kind: 'vanished_field',
      ...base,
      ...shares,
      count: sightings(path, before.field),
      samples: samplesOf(before.field),
    };
  }
  return typeChange(base, before, after) ?? nullSpike(base, before, after);
}

/** `rare` is next to nothing against `common`, and surely so. */
const isNew = (rare: Share, common: Share, count: number): boolean =>
  count >= RULES.min_sightings && rare.share <= RULES.remnant * common.share && rare.high < common.low;

interface Base {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The kind that won most; empty values have no kind. */
function typeChange(base: Base, before: Side, after: Side): Drift | undefined {
  const filled_before = filled(base.path, before.field);
  const filled_after = filled(base.path, after.field);
  if (filled_before < RULES.min_sightings || filled_after < RULES.min_sightings) return undefined;
  let best: Drift | undefined;
  for (const [kind, { events, samples }] of after.field.kinds) {
    if (kind === 'empty') continue;
    const share_before = wilsonInterval(before.field.kinds.get(kind)?.events ?? 0, filled_before);
    const share_after = wilsonInterval(events, filled_after);
    const rises = share_after.low - share_before.high >= RULES.type_rise;
    if (!rises && !isNew(share_before, share_after, events)) continue;
    if (
      best !== undefined &&
      best.share_after.share - best.share_before.share >= share_after.share - share_before.share
    )
      continue;
    best = { kind: 'type_change', ...base, share_before, share_after, count: events, samples };
  }
  return best;
}

/** Missing counts as empty: many clients leave out what is null. */
function nullSpike(base: Base, before: Side, after: Side): Drift | undefined {
  const empty_before = before.events - filled(base.path, before.field);
  const empty_after = after.events - filled(base.path, after.field);
  const share_before = wilsonInterval(empty_before, before.events);
  const share_after = wilsonInterval(empty_after, after.events);
  if (empty_after < RULES.min_sightings || share_after.low - share_before.high < RULES.empty_rise)
    return undefined;
  const text = (share: Share) => `${percent(share.share)} missing, null or empty`;
  const samples = after.field.kinds.get('empty')?.samples ?? [];
  return {
    kind: 'null_spike',
    path: base.path,
    before: text(share_before),
    after: text(share_after),
    share_before,
    share_after,
    count: empty_after,
    samples,
  };
}

export interface EventCount {
  readonly baseline: number;
  readonly window: number;
}

/** `counts`: how often each event of one source came before and now. Answers with the rows that it was given. */
export function judgeEvents<Row extends EventCount>(
  counts: readonly Row[],
): { readonly row: Row; readonly drift: Drift }[] {
  const all_before = counts.reduce((sum, row) => sum + row.baseline, 0);
  const all_after = counts.reduce((sum, row) => sum + row.window, 0);
  if (all_before < RULES.min_events || all_after < RULES.min_events) return [];
  return counts.flatMap((row) => {
    const share_before = wilsonInterval(row.baseline, all_before);
    const share_after = wilsonInterval(row.window, all_after);
    const kind = isNew(share_before, share_after, row.window)
      ? 'new_event'
      : isNew(share_after, share_before, row.baseline)
        ? 'vanished_event'
        : undefined;
    if (kind === undefined) return [];
    const texts = { before: countText(row.baseline), after: countText(row.window) };
    const count = kind === 'new_event' ? row.window : row.baseline;
    return [{ row, drift: { kind, path: '', ...texts, share_before, share_after, count, samples: [] } }];
  });
}

const countText = (count: number): string => (count === 1 ? '1 event' : `${count} events`);

/** Items of a list can have several kinds in one event: then the most frequent kind stands for all. */
function total(path: string, counts: readonly number[]): number {
  return path.includes('[*]') ? Math.max(0, ...counts) : counts.reduce((sum, count) => sum + count, 0);
}

const sightings = (path: string, field: FieldShape): number =>
  total(
    path,
    [...field.kinds.values()].map((one) => one.events),
  );

const filled = (path: string, field: FieldShape): number =>
  total(
    path,
    [...field.kinds].flatMap(([kind, one]) => (kind === 'empty' ? [] : [one.events])),
  );

/** `number`, or `number 97 %, text 3 %`; null where the field is not there. */
function kindsText(field: FieldShape): string | null {
  const kinds = [...field.kinds].sort((a, b) => b[1].events - a[1].events || (a[0] < b[0] ? -1 : 1));
  if (kinds.length <= 1) return kinds[0]?.[0] ?? null;
  const all = kinds.reduce((sum, [, one]) => sum + one.events, 0);
  return kinds.map(([kind, one]) => `${kind} ${percent(one.events / all)}`).join(', ');
}

const percent = (share: number): string => {
  const rounded = Math.round(share * 1000) / 10;
  return share > 0 && rounded === 0 ? 'under 0.1 %' : `${rounded} %`;
};

/** Of the most frequent kind that is not empty. */
function samplesOf(field: FieldShape): readonly string[] {
  const [most] = [...field.kinds].sort(
    (a, b) => Number(a[0] === 'empty') - Number(b[0] === 'empty') || b[1].events - a[1].events,
  );
  return most?.[1].samples ?? [];
}

/** `properties.products[*].price` has the parents `properties.products[*]` and `properties.products`. */
function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let i = 0; i < path.length; i++) {
    if (i > 0 && (path[i] === '.' || path[i] === '[')) parents.push(path.slice(0, i));
  }
  return parents;
}
