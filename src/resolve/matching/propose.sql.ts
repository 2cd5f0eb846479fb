/** From the pairs of a run to what is kept of them: scored pairs, proposals, decisions that stand. */
import { hexOf } from '../../kernel/key64.ts';
import { join, param, type Sql, sql, table } from '../../kernel/sql.ts';
import { valueColumn } from './clean.sql.ts';
import type { Model } from './estimate.ts';
import { frequencyColumn, levelColumn } from './levels.sql.ts';
import type { Scratch } from './prepare.sql.ts';
import type { MatchingRules } from './rules.ts';
import { weightExpression } from './score.sql.ts';

export const MATCH_PAIRS = table('match_pairs');
export const MATCH_PROPOSALS = table('match_proposals');

/** Pairs below this are not kept: nobody would look at them, and there may be many. */
const KEPT_PROBABILITY = 0.01;

/** A run as SQL needs it. */
export interface ProposedRun {
  readonly rules_name: string;
  readonly run_id: string;
  readonly rules: MatchingRules;
  readonly model: Model;
  readonly scratch: Scratch;
}

/** The same pair under the same rules has the same key in every run. */
const pairKey = (rules_name: string): Sql => sql`sipHash64(${rules_name}, l.record_id, r.record_id)`;

const withRecords = ({ rules, model, scratch }: ProposedRun): Sql => {
  const levels = rules.comparisons.map((_, i) => levelColumn(i));
  const frequencies = rules.comparisons.map((c, i) =>
    c.term_frequency ? frequencyColumn(i) : sql`toFloat32(0)`,
  );
  return sql`(SELECT l AS ln, r AS rn, [${join(levels, ', ')}] AS levels, [${join(frequencies, ', ')}] AS frequencies,
      ${weightExpression(rules, model)} AS weight, 1 / (1 + exp2(-weight)) AS probability FROM ${scratch.pairs}) AS p
    INNER JOIN ${scratch.records} AS l ON l.n = p.ln
    INNER JOIN ${scratch.records} AS r ON r.n = p.rn`;
};

/** Without pairs that consent withholds: what may not be joined is not written down either. */
export const keepPairs = (run: ProposedRun): Sql => sql`
  INSERT INTO ${MATCH_PAIRS} SELECT ${run.run_id}, ${pairKey(run.rules_name)}, l.record_id, r.record_id, weight, probability, levels, frequencies
  FROM ${withRecords(run)} WHERE probability >= ${KEPT_PROBABILITY} AND l.consent = 1 AND r.consent = 1`;

export interface HeldPairs {
  readonly l: readonly number[];
  readonly r: readonly number[];
  /** `consent`, `joined` already, or the state that people gave it. */
  readonly why: readonly string[];
}

/** Pairs from a weight on that are not to be proposed: HeldPairs, one row. */
export const heldPairs = (run: ProposedRun, min_weight: number): Sql => sql`
  SELECT groupArray(ln) AS l, groupArray(rn) AS r, groupArray(held) AS why FROM (
    SELECT ln, rn, multiIf(l.consent = 0 OR r.consent = 0, 'consent', l.person = r.person, 'joined', d.state) AS held
    FROM ${withRecords(run)}
    LEFT ANY JOIN (SELECT pair, toString(state) AS state FROM ${MATCH_PROPOSALS} FINAL
      WHERE rules = ${run.rules_name} AND state IN ('rejected', 'unsure', 'accepted', 'linked')) AS d
      ON d.pair = ${pairKey(run.rules_name)}
    WHERE weight >= ${param(min_weight, 'Float64')} AND held != '')`;

/** Identifiers of the records of each group of a range: `group` and `identifiers`. */
export const groupIdentifiers = (scratch: Scratch, from: number, to: number): Sql => sql`
  SELECT group, arraySort(groupUniqArray(identifier)) AS identifiers FROM (
    SELECT group, arrayJoin([l, r]) AS n FROM ${scratch.decided} WHERE group >= ${from} AND group < ${to}) AS d
  INNER JOIN ${scratch.records} AS records ON records.n = d.n GROUP BY group ORDER BY group`;

export interface ProposalSides {
  readonly left: { readonly kind: 'person' | 'list'; readonly list: string };
  readonly right: { readonly kind: 'person' | 'list'; readonly list: string };
}

/**
 * Proposals of the decided pairs. Pairs of groups are linked, those with a dropped identifier agreed to and not joined. What waits
 * has the version `read_ms`, when the run asked what people had decided: what they decide since is newer, and stands.
 */
export function insertProposals(
  run: ProposedRun,
  sides: ProposalSides,
  at: { now_ms: number; read_ms: number; note: string },
): Sql {
  const dropped = sql`(SELECT identifier FROM ${run.scratch.dropped})`;
  const refused = sql`(l.identifier IN ${dropped} OR r.identifier IN ${dropped})`;
  const note = sql`if(d.group > 0 AND ${refused}, ${at.note}, '')`;
  const values = (of: 'l' | 'r') => {
    const pairs = run.rules.fields.map(({ name, clean }) => {
      const column = of === 'l' ? sql`l.${valueColumn(name)}` : sql`r.${valueColumn(name)}`;
      return sql`${name}, ${clean === 'list' ? sql`arrayStringConcat(${column}, ', ')` : column}`;
    });
    return sql`map(${join(pairs, ', ')})`;
  };
  const by = sql`if(d.group > 0, ${`rules ${run.rules_name}`}, '')`;
  const now = param(new Date(at.now_ms).toISOString(), 'DateTime64(3)');
  const version = sql`if(d.group > 0, ${param(at.now_ms, 'UInt64')}, ${param(at.read_ms, 'UInt64')})`;
  return sql`INSERT INTO ${MATCH_PROPOSALS} SELECT ${pairKey(run.rules_name)}, ${run.rules_name}, ${run.run_id},
      multiIf(d.group = 0, 'open', ${refused}, 'accepted', 'linked'), toString(d.reason), weight, probability,
      ${sides.left.kind}, ${sides.left.list}, l.record_id, l.identifier, ${values('l')},
      ${sides.right.kind}, ${sides.right.list}, r.record_id, r.identifier, ${values('r')},
      levels, frequencies, ${by}, if(d.group > 0, ${now}, NULL), ${note}, ${now}, ${version}
    FROM ${withRecords(run)} INNER JOIN ${run.scratch.decided} AS d ON d.l = p.ln AND d.r = p.rn`;
}

/** Open proposals that the newest run no longer makes. */
export const expireProposals = (rules_name: string, run_id: string, version: number): Sql => sql`
  INSERT INTO ${MATCH_PROPOSALS} SELECT * REPLACE('stale' AS state, ${param(version, 'UInt64')} AS version)
  FROM (SELECT * FROM ${MATCH_PROPOSALS} FINAL WHERE rules = ${rules_name} AND state = 'open' AND run_id != ${run_id})`;

export const forgetPairs = (run_ids: readonly string[]): Sql =>
  sql`ALTER TABLE ${MATCH_PAIRS} DELETE WHERE run_id IN ${param(run_ids, 'Array(String)')}`;

/** What people decided under these rules, with the weight they saw: for the threshold. */
export const humanLabels = (rules_name: string): Sql => sql`
  SELECT weight, state != 'rejected' AS match FROM ${MATCH_PROPOSALS} FINAL
  WHERE rules = ${rules_name} AND state IN ('rejected', 'accepted', 'linked') AND NOT startsWith(decided_by, 'rules ')`;

/** 16 hex digits of a stored pair. */
export const pairHex = hexOf(sql`pair`);
