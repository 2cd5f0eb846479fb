/** Scoring against what is known: labelled pairs, or clusters of records. */
import { readCsv, separatorOf } from '../../kernel/csv.ts';
import { AppError } from '../../kernel/errors.ts';
import { wilsonInterval } from '../../stats/wilson.ts';
import type { Truth } from './shapes.ts';

const ROWS_MAX = 500_000;
const PAIRS_MAX = 3_000_000;
const SHOWN = 200;
const POINTS = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999,
];

export interface KnownPairs {
  /** Keys of pairs that are matches. */
  readonly matches: ReadonlySet<string>;
  /** Whether a found pair counts at all: both records known, or the pair labelled. */
  known(l: string, r: string): boolean;
}

interface FoundPair {
  readonly l: string;
  readonly r: string;
  readonly p: number;
}

/** The same whichever way round. */
const keyOf = (l: string, r: string): string => (l < r ? `${l}\x1f${r}` : `${r}\x1f${l}`);

/** `pairs`: columns left,right and perhaps match (1 or 0). `clusters`: columns record,cluster. */
export function readTruth(
  given: { pairs?: string | undefined; clusters?: string | undefined },
  mode: 'dedupe' | 'link',
): KnownPairs {
  if ((given.pairs === undefined) === (given.clusters === undefined))
    throw new AppError('invalid_input', { message: 'Send either pairs or clusters.', field: 'pairs' });
  if (given.pairs !== undefined) return knownPairs(columnsOf(given.pairs, ['left', 'right'], 'pairs'));
  if (mode === 'link')
    throw new AppError('invalid_input', {
      message: 'A cluster does not say which side a record is of: send pairs for rules that link.',
      field: 'clusters',
    });
  return knownClusters(columnsOf(given.clusters ?? '', ['record', 'cluster'], 'clusters'));
}

interface TruthRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

const refuse = (field: string, message: string) => new AppError('invalid_input', { message, field });

/** Rows with something in every wanted column. */
function columnsOf(given: string, wanted: readonly string[], field: string): TruthRow[] {
  const text = given.replace(/^\uFEFF/, '');
  const [head, ...rows] = readCsv(text, ROWS_MAX + 1, separatorOf(text));
  const names = (head?.cells ?? []).map((name) => name.trim().toLowerCase());
  const missing = wanted.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw refuse(field, `The first line must name the columns ${wanted.join(' and ')}.`);
  return rows.map(({ line, cells }) => {
    const row = Object.fromEntries(names.map((name, i) => [name, (cells[i] ?? '').trim()]));
    const blank = wanted.find((name) => row[name] === '');
    if (blank !== undefined) throw refuse(field, `Line ${line} has nothing in the column ${blank}.`);
    return { line, cells: row };
  });
}

function knownPairs(rows: readonly TruthRow[]): KnownPairs {
  const labels = new Map<string, boolean>();
  for (const { line, cells } of rows) {
    const key = keyOf(cells['left'] ?? '', cells['right'] ?? '');
    const match = isMatch(cells['match'], line);
    if ((labels.get(key) ?? match) !== match)
      throw refuse('pairs', `Line ${line} says otherwise of a pair than an earlier line.`);
    labels.set(key, match);
  }
  const matches = new Set([...labels].flatMap(([key, match]) => (match ? [key] : [])));
  // With labels of both kinds, a pair without one is unknown; a list of matches only says that all others are none.
  if (matches.size < labels.size) return { matches, known: (l, r) => labels.has(keyOf(l, r)) };
  const records = new Set(rows.flatMap(({ cells }) => [cells['left'] ?? '', cells['right'] ?? '']));
  return { matches, known: (l, r) => records.has(l) || records.has(r) };
}

const YES: ReadonlySet<string> = new Set(['1', '1.0', 'true', 't', 'yes', 'y', 'match']);
const NO: ReadonlySet<string> = new Set(['0', '0.0', 'false', 'f', 'no', 'n', 'nonmatch', 'non-match']);

/** Without the column every pair is a match; a word that is no clear yes or no is never guessed. */
function isMatch(cell: string | undefined, line: number): boolean {
  if (cell === undefined) return true;
  const word = cell.toLowerCase();
  if (YES.has(word)) return true;
  if (NO.has(word)) return false;
  throw refuse('pairs', `Line ${line} says neither yes nor no under match: write 1 or 0.`);
}

function knownClusters(rows: readonly TruthRow[]): KnownPairs {
  const cluster = new Map<string, string>();
  for (const { line, cells } of rows) {
    const { record = '', cluster: of_record = '' } = cells;
    if ((cluster.get(record) ?? of_record) !== of_record)
      throw refuse('clusters', `Line ${line} puts a record into another cluster than an earlier line.`);
    cluster.set(record, of_record);
  }
  const matches = new Set<string>();
  for (const members of Map.groupBy(cluster.keys(), (record) => cluster.get(record)).values()) {
    for (const [i, l] of members.entries()) for (const r of members.slice(i + 1)) matches.add(keyOf(l, r));
    if (matches.size > PAIRS_MAX)
      throw new AppError('invalid_input', {
        message: `The clusters hold more than ${PAIRS_MAX} pairs.`,
        field: 'clusters',
      });
  }
  return { matches, known: (l, r) => cluster.has(l) && cluster.has(r) };
}

/** `found`: pairs that the run kept, in any order. */
export function scoreTruth(truth: KnownPairs, found: readonly FoundPair[], at_probability: number): Truth {
  const judged = found
    .filter(({ l, r }) => truth.known(l, r))
    .map((pair) => ({ ...pair, match: truth.matches.has(keyOf(pair.l, pair.r)) }));
  const points = POINTS.map((probability) => pointAt(truth.matches.size, judged, probability));
  const compared = new Map(
    judged.filter((pair) => pair.match).map((pair) => [keyOf(pair.l, pair.r), pair.p]),
  );
  const best = points.reduce<Truth['best']>(
    (top, { probability, f1 }) => (top === null || f1 > top.f1 ? { probability, f1 } : top),
    null,
  );
  const missed = [...truth.matches]
    .map((key) => ({ key, p: compared.get(key) ?? null }))
    .filter(({ p }) => p === null || p < at_probability)
    .sort((a, b) => (b.p ?? -1) - (a.p ?? -1) || (a.key < b.key ? -1 : 1))
    .slice(0, SHOWN)
    .map(({ key, p }) => {
      const [left_id = '', right_id = ''] = key.split('\x1f');
      return { left_id, right_id, probability: p };
    });
  const wrong = judged
    .filter((pair) => !pair.match && pair.p >= at_probability)
    .sort((a, b) => b.p - a.p)
    .slice(0, SHOWN)
    .map(({ l, r, p }) => ({ left_id: l, right_id: r, probability: p }));
  const never_compared = truth.matches.size - compared.size;
  return { truth_pairs: truth.matches.size, never_compared, points, best, at_probability, missed, wrong };
}

function pointAt(
  matches: number,
  judged: readonly { p: number; match: boolean }[],
  probability: number,
): Truth['points'][number] {
  const chosen = judged.filter((pair) => pair.p >= probability);
  const true_positives = chosen.filter((pair) => pair.match).length;
  const false_positives = chosen.length - true_positives;
  const false_negatives = matches - true_positives;
  const both = 2 * true_positives + false_positives + false_negatives;
  return {
    probability,
    true_positives,
    false_positives,
    false_negatives,
    precision: wilsonInterval(true_positives, chosen.length),
    recall: wilsonInterval(true_positives, matches),
    f1: both === 0 ? 0 : (2 * true_positives) / both,
  };
}
