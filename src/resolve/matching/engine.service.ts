/** Runs a model over the warehouse: records, blocks, pairs, parameters, weights. Everything heavy is SQL. */
import type { Sql } from '../../kernel/sql.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { type BlockCap, capBlocks } from './caps.ts';
import type { Edge } from './clusters.ts';
import type { Pattern } from './em.ts';
import { type BlockedPattern, estimateModel, type Model } from './estimate.ts';
import { blockedPatterns, countPriorPairs, fillPairs, randomPatterns, totalPairs } from './pairs.sql.ts';
import {
  allKeys,
  type BlockSizes,
  blockSizes,
  createTables,
  dropTables,
  fillRaw,
  fillRecords,
  recordCounts,
  type Scratch,
  scratchOf,
} from './prepare.sql.ts';
import { type MatchingRules, nameOfKeys } from './rules.ts';
import { type EdgeColumns, heavyPairs, type WeightBin, weightBins } from './score.sql.ts';

/** Records of one part of a rule's pairs: bounds what a join holds in memory. */
const RECORDS_A_PART = 500_000;
const RECORDS_A_READ = 250_000;
const TIMEOUT_MS = 1_800_000;

export interface Scored {
  readonly rules: MatchingRules;
  readonly model: Model;
  readonly scratch: Scratch;
  readonly records: { readonly left: number; readonly right: number };
  readonly compared_pairs: number;
  readonly patterns: readonly BlockedPattern[];
  readonly blocking: readonly (BlockCap & { readonly rule: string; readonly found: number })[];
  readonly bins: readonly WeightBin[];
  /** Pairs of at least this weight; `l` < `r` are numbers of records in `scratch.records`. */
  edges(min_weight: number): Promise<Edge[]>;
  /** Drops the tables; nothing else may be asked afterwards. */
  drop(): Promise<void>;
}

interface Watch {
  readonly signal?: AbortSignal;
  progress?(share: number, what: string): void;
}

/**
 * `source`: a query of records, see `recordSource`. `token`: letters and digits, the run's own.
 * Rejects when `signal` aborts, with nothing left behind.
 */
export async function scorePairs(
  warehouse: Warehouse,
  { rules, source, token, watch = {} }: { rules: MatchingRules; source: Sql; token: string; watch?: Watch },
): Promise<Scored> {
  const scratch = scratchOf(token);
  const ask = <Row>(query: Sql) => warehouse.query<Row>(query, { timeout_ms: TIMEOUT_MS });
  const at = (share: number, what: string) => {
    watch.signal?.throwIfAborted();
    watch.progress?.(share, what);
  };
  const drop = async () => {
    for (const each of dropTables(scratch)) await warehouse.execute(each);
  };
  try {
    at(0, 'reading records');
    for (const each of createTables(rules, scratch)) await warehouse.execute(each);
    await warehouse.execute(fillRaw(rules, source, scratch));
    const [counts] = await ask<{ left: number; right: number }>(recordCounts(scratch));
    const records = { left: counts?.left ?? 0, right: counts?.right ?? 0 };
    at(0.15, 'counting blocks');
    const caps: BlockCap[] = [];
    for (const i of allKeys(rules).keys())
      caps.push(capBlocks(await ask<BlockSizes>(blockSizes(rules, i, scratch)), rules));
    await warehouse.execute(
      fillRecords(
        rules,
        caps.map((cap) => cap.max_pairs),
        scratch,
      ),
    );
    const parts = Math.max(1, Math.ceil((records.left + records.right) / RECORDS_A_PART));
    for (const [i, keys] of rules.blocking.entries()) {
      for (let nth = 0; nth < parts; nth++) {
        const done = (i + nth / parts) / rules.blocking.length;
        at(0.25 + 0.5 * done, `comparing records with the same ${nameOfKeys(keys)}`);
        await warehouse.execute(fillPairs(rules, i, { nth, of: parts }, scratch));
      }
    }
    at(0.75, 'estimating parameters');
    const patterns = patternsOf<BlockedPattern>(rules, await ask(blockedPatterns(rules, scratch)));
    const random = patternsOf<Pattern>(rules, await ask(randomPatterns(rules, records, scratch)));
    let prior_pairs = 0;
    for (let i = rules.blocking.length; i < caps.length; i++) {
      const [row] = await ask<{ pairs: number }>(countPriorPairs(rules, i, scratch));
      prior_pairs += row?.pairs ?? 0;
    }
    const total_pairs = totalPairs(rules, records);
    const model = estimateModel(rules, { random, blocked: patterns, total_pairs, prior_pairs });
    at(0.85, 'weighing pairs');
    const bins = await ask<WeightBin>(weightBins(rules, model, scratch));
    return {
      rules,
      model,
      scratch,
      records,
      compared_pairs: patterns.reduce((sum, p) => sum + p.pairs, 0),
      patterns,
      blocking: rules.blocking.map((keys, i) => ({
        ...(caps[i] as BlockCap),
        rule: nameOfKeys(keys),
        found: firstOf(patterns, i),
      })),
      bins,
      edges: (min_weight) => readEdges(ask, { rules, model, scratch, min_weight, left: records.left }),
      drop,
    };
  } catch (error) {
    await drop();
    throw error;
  }
}

const firstOf = (patterns: readonly BlockedPattern[], bit: number): number =>
  patterns.reduce((sum, { mask, pairs }) => sum + (31 - Math.clz32(mask & -mask) === bit ? pairs : 0), 0);

type PatternRow = Record<string, number>;
const patternsOf = <P extends Pattern>(rules: MatchingRules, rows: readonly PatternRow[]): P[] =>
  rows.map(
    (row) =>
      ({
        mask: row['mask'] ?? 0,
        pairs: row['pairs'] ?? 0,
        levels: rules.comparisons.map((_, i) => row[`g${i}`] ?? 0),
      }) as unknown as P,
  );

async function readEdges(
  ask: <Row>(query: Sql) => Promise<Row[]>,
  {
    rules,
    model,
    scratch,
    min_weight,
    left,
  }: Pick<Scored, 'rules' | 'model' | 'scratch'> & { min_weight: number; left: number },
): Promise<Edge[]> {
  const edges: Edge[] = [];
  for (let from = 0; from < left; from += RECORDS_A_READ) {
    const range = { min_weight, from, to: from + RECORDS_A_READ };
    const [columns] = await ask<EdgeColumns>(heavyPairs(rules, model, range, scratch));
    for (const [i, l] of columns?.l.entries() ?? [])
      edges.push({ l, r: columns?.r[i] ?? 0, weight: columns?.weight[i] ?? 0 });
  }
  return edges;
}
