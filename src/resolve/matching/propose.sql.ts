/** From the pairs of a run to what is kept of them: scored pairs, proposals, decisions that stand. */
import { hexOf, key64Of, keysOf } from '../../kernel/key64.ts';
import { ident, join, param, type Sql, sql, table } from '../../kernel/sql.ts';
import { IDENTITY_CHANGES, type PersonSql } from '../contract.ts';
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

/** Pairs from a weight on that are not to be proposed: HeldPairs, one row. `separated`: ids of proposals that count as rejected. */
export const heldPairs = (
  run: ProposedRun,
  at: { readonly min_weight: number; readonly separated: readonly string[]; readonly by: PersonSql },
): Sql => sql`
  SELECT groupArray(ln) AS l, groupArray(rn) AS r, groupArray(held) AS why FROM (
    SELECT ln, rn, multiIf(l.consent = 0 OR r.consent = 0, 'consent', l.person = r.person, 'joined', d.state) AS held
    FROM ${withRecords(run)}
    LEFT ANY JOIN (${standingDecisions(run, at)}) AS d ON d.sides = ${sidesKey(run.rules, sql`l.record_id`, sql`r.record_id`)}
    WHERE weight >= ${param(at.min_weight, 'Float64')} AND held != '')`;

/** One key for two records; people among each other may change places when one gets another id. */
const sidesKey = ({ mode }: MatchingRules, l: Sql, r: Sql): Sql =>
  mode === 'link' ? sql`sipHash64(${l}, ${r})` : sql`sipHash64(least(${l}, ${r}), greatest(${l}, ${r}))`;

/**
 * What was decided of pairs of records as they are called now: `sides` and `state`, the newest where several decisions have come
 * to one pair. A person's id changes with a better identifier; a decision stays with the nodes that it was made of, and when
 * those are two people now it stays with both.
 */
function standingDecisions(
  { rules_name, rules }: ProposedRun,
  { separated, by }: { readonly separated: readonly string[]; readonly by: PersonSql },
): Sql {
  const nodes = (side: 'left' | 'right') =>
    sql`if(${ident(`${side}_kind`)} = 'person', arrayDistinct([reinterpretAsUInt64(reverse(unhex(${ident(`${side}_id`)}))), ${key64Of(ident(`${side}_identifier`))}]), [toUInt64(0)])`;
  const called = (side: 'left' | 'right', moved: Sql, node: Sql) =>
    sql`if(${ident(`${side}_kind`)} = 'person', ${hexOf(sql`if(${moved}.node = 0, ${node}, ${moved}.person)`)}, ${ident(`${side}_id`)})`;
  const rejected = separated.length === 0 ? sql`false` : sql`pair IN ${keysOf(separated)}`;
  const [l, r] = [called('left', sql`lm`, sql`ln`), called('right', sql`rm`, sql`rn`)];
  return sql`SELECT ${sidesKey(rules, l, r)} AS sides, argMax(state, version) AS state FROM (
      SELECT *, arrayJoin(${nodes('left')}) AS ln, arrayJoin(${nodes('right')}) AS rn FROM (
        SELECT left_kind, left_id, left_identifier, right_kind, right_id, right_identifier, version,
          if(${rejected}, 'rejected', toString(state)) AS state
        FROM ${MATCH_PROPOSALS} FINAL
        WHERE rules = ${rules_name} AND state IN ('rejected', 'unsure', 'accepted', 'linked'))) AS decided
    LEFT ANY JOIN (${by.moved}) AS lm ON lm.node = ln LEFT ANY JOIN (${by.moved}) AS rm ON rm.node = rn GROUP BY sides`;
}

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

/** What people decided under these rules, and what the rules joined and somebody took out again: rows of `readDecisions`. */
export const humanDecisions = (rules_name: string): Sql => {
  const unmerged = sql`(SELECT arrayJoin(nodes) FROM ${IDENTITY_CHANGES} WHERE cause = 'unmerge')`;
  return sql`SELECT ${pairHex} AS id, weight, toString(state) AS state, left_identifier AS left, right_identifier AS right,
      startsWith(decided_by, 'rules ') AS by_rules,
      ${key64Of(sql`left_identifier`)} IN ${unmerged} OR ${key64Of(sql`right_identifier`)} IN ${unmerged} AS unmerged
    FROM ${MATCH_PROPOSALS} FINAL WHERE rules = ${rules_name} AND state IN ('rejected', 'accepted', 'linked')
      AND (by_rules = 0 OR (state = 'linked' AND unmerged)) ORDER BY pair`;
};

/** 16 hex digits of a stored pair. */
export const pairHex = hexOf(sql`pair`);
