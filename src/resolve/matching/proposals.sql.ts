import { EVENTS } from '../../collect/contract.ts';
import { key64Of } from '../../kernel/key64.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import type { Identifier, PersonSql } from '../contract.ts';
import { MATCH_PROPOSALS, pairHex } from './propose.sql.ts';
import type { Proposal } from './shapes.ts';

export interface ProposalRow {
  readonly id: string;
  readonly rules: string;
  readonly run_id: string;
  readonly state: Proposal['state'];
  readonly reason: Proposal['reason'];
  readonly weight: number;
  readonly probability: number;
  readonly left_kind: 'person' | 'list';
  readonly left_list: string;
  readonly left_id: string;
  readonly left_identifier: string;
  readonly left_values: Readonly<Record<string, string>>;
  readonly right_kind: 'person' | 'list';
  readonly right_list: string;
  readonly right_id: string;
  readonly right_identifier: string;
  readonly right_values: Readonly<Record<string, string>>;
  readonly levels: readonly number[];
  readonly frequencies: readonly number[];
  readonly decided_by: string;
  readonly decided_at: string | null;
  readonly note: string;
  readonly proposed_at: string;
  readonly version: number;
}

/** ProposalRow, up to its FROM. */
export const proposalRow: Sql = sql`SELECT ${pairHex} AS id, toString(rules) AS rules, run_id, toString(state) AS state,
  toString(reason) AS reason, weight, probability, toString(left_kind) AS left_kind, toString(left_list) AS left_list, left_id,
  left_identifier, left_values, toString(right_kind) AS right_kind, toString(right_list) AS right_list, right_id,
  right_identifier, right_values, levels, frequencies, decided_by, decided_at, note, proposed_at, version
  FROM ${MATCH_PROPOSALS}`;

export const stateCounts = (of_rules: Sql): Sql =>
  sql`SELECT toString(state) AS state, count() AS n FROM ${MATCH_PROPOSALS} FINAL WHERE 1 ${of_rules} GROUP BY state`;

/**
 * Whether the latest consent of whoever has this identifier now says yes to a category: no row when it was never said. What
 * somebody else said on a shared device is theirs: nodes find the events, the person of each event decides.
 */
export function agreedNow(category: string, { type, value }: Identifier, by: PersonSql): Sql {
  const node = key64Of(sql`${`${type}:${value}`}`);
  const person = sql`(SELECT if(count() = 0, ${node}, any(person)) FROM (${by.moved}) WHERE node = ${node})`;
  const nodes = sql`node IN (${node}, ${person}) OR node IN (SELECT node FROM (${by.moved}) WHERE person = ${person})`;
  return sql`SELECT toUInt8(JSONExtractBool(context, 'consent', 'categoryPreferences', ${category})) AS agreed
    FROM ${EVENTS} ${by.join} WHERE (${nodes}) AND ${by.person} = ${person} AND JSONHas(context, 'consent')
    ORDER BY timestamp DESC, position DESC LIMIT 1`;
}
