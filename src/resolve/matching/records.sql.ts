/** Sources of records: people as they are now, and uploaded lists. */
import { EVENTS } from '../../collect/contract.ts';
import { hexOf, key64Of } from '../../kernel/key64.ts';
import { ident, join, type Sql, sql, table } from '../../kernel/sql.ts';
import { IDENTITIES, type PersonSql } from '../contract.ts';
import { cleaned, valueColumn } from './clean.sql.ts';
import type { FieldRule, MatchingRules } from './rules.ts';

export const MATCH_RECORDS = table('match_records');

/** Where the records of one side come from. */
export interface ListSource {
  readonly list: string;
  readonly identifier_type: string;
}

/**
 * Records of both sides, one row each: side, record_id, identifier (`type:value`, by which it is linked), person (UInt64, that
 * the identifier belongs to now), consent (1 when it may be joined with what the other side knows), and `f_…`.
 */
export function recordSource(
  rules: MatchingRules,
  at: { person: PersonSql; left: 'people' | ListSource; right: ListSource | undefined },
): Sql {
  const left = at.left === 'people' ? people(rules, at.person) : listRecords(rules, at.left, 0, at.person);
  return at.right === undefined ? left : sql`${left} UNION ALL ${listRecords(rules, at.right, 1, at.person)}`;
}

export function listRecords(rules: MatchingRules, of: ListSource, side: 0 | 1, person: PersonSql): Sql {
  const values = rules.fields.map(
    (f) => sql`${cleaned(f, sql`fields[${f.column ?? f.name}]`, true)} AS ${valueColumn(f.name)}`,
  );
  const identifier = sql`concat(${of.identifier_type}, ':', record_id)`;
  return sql`SELECT ${side} AS side, record_id, ${identifier} AS identifier,
      if(m.node = 0, ${key64Of(identifier)}, m.person) AS person, 1 AS consent, ${join(values, ', ')}
    FROM (SELECT record_id, fields FROM ${MATCH_RECORDS} FINAL WHERE list = ${of.list}) AS records
    LEFT ANY JOIN (${person.moved}) AS m ON m.node = ${key64Of(identifier)}`;
}

/**
 * One record a person that was ever identified: the latest value of each trait that is not empty. Who use a shared device without
 * signing in are none: they never join anybody, and their identifier is that of its first user.
 */
function people(rules: MatchingRules, person: PersonSql): Sql {
  const values = rules.fields.map((f) => sql`${cleaned(f, firstOf(f), false)} AS ${valueColumn(f.name)}`);
  const needs_consent = rules.right !== undefined && rules.offline_online === 'consented';
  const consent = needs_consent
    ? sql`LEFT ANY JOIN (${consents(rules.consent_category, person)}) AS c ON c.person_key = traits_of.person_key`
    : sql``;
  // Among people met online there is nothing to agree to.
  const always = rules.right === undefined || rules.offline_online === 'allow';
  const agreed = needs_consent ? sql`c.agreed` : sql`${always ? 1 : 0}`;
  return sql`SELECT 0 AS side, ${hexOf(sql`traits_of.person_key`)} AS record_id, identifier, traits_of.person_key AS person,
      ${agreed} AS consent, ${join(values, ', ')}
    FROM (${latestTraits(rules, person)}) AS traits_of ${consent}`;
}

const pathsOf = (field: FieldRule): readonly string[] => field.from ?? [field.name];

const firstOf = (field: FieldRule): Sql => {
  const columns = pathsOf(field).map((_path, i) => sql`${traitColumn(field, i)}`);
  return columns.length === 1
    ? sql`${traitColumn(field, 0)}`
    : sql`coalesce(${join(
        columns.map((one) => sql`nullIf(${one}, '')`),
        ', ',
      )}, '')`;
};

const traitColumn = (field: FieldRule, i: number): Sql => ident(`p_${field.name}_${i}`);

/** The event stands at its user id, and not because that is a placeholder at its anonymous id. */
const AT_USER = sql`node = ${key64Of(sql`concat('user_id:', user_id)`)}`;
/** People that stand for the visitors of a shared device. */
const visitors = sql`SELECT shared_person FROM ${IDENTITIES} FINAL WHERE shared_person != 0`;

function latestTraits(rules: MatchingRules, person: PersonSql): Sql {
  const latest = rules.fields.flatMap((field) =>
    pathsOf(field).map((path, i) => {
      const value = traitAt(path);
      return sql`argMaxIf(${value}, (timestamp, position), ${value} != '') AS ${traitColumn(field, i)}`;
    }),
  );
  return sql`SELECT ${person.person} AS person_key,
      argMax(if(${AT_USER}, concat('user_id:', user_id), concat('anonymous_id:', anonymous_id)),
        (${AT_USER}, timestamp, position)) AS identifier,
      ${join(latest, ', ')}
    FROM ${EVENTS} ${person.join} WHERE type = 'identify' AND node != 0 AND bot = 0 AND person_key NOT IN (${visitors})
    GROUP BY person_key HAVING person_key != 0`;
}

/** Text of the value at a path of `traits`; numbers and arrays as JSON; empty for null and for nothing. */
function traitAt(path: string): Sql {
  const keys = join(
    path.split('.').map((key) => sql`${key}`),
    ', ',
  );
  return sql`multiIf(JSONType(traits, ${keys}) = 'String', JSONExtractString(traits, ${keys}),
    JSONType(traits, ${keys}) IN ('Null', 'Object'), '', JSONExtractRaw(traits, ${keys}))`;
}

/** Whether the latest `context.consent` of each person says yes to a category. */
const consents = (category: string, person: PersonSql): Sql => sql`
  SELECT ${person.person} AS person_key,
    argMax(JSONExtractBool(context, 'consent', 'categoryPreferences', ${category}), (timestamp, position)) AS agreed
  FROM ${EVENTS} ${person.join} WHERE node != 0 AND JSONHas(context, 'consent') GROUP BY person_key`;
