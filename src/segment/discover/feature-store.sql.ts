/** The feature matrix and the clusters of a run, as the warehouse holds and reduces them. */
import { hexOf, keyOf, keysOf } from '../../kernel/key64.ts';
import { join, param, type Sql, sql, table } from '../../kernel/sql.ts';

export const SEGMENTATION_FEATURES = table('segmentation_features');
export const SEGMENTATION_ASSIGNMENTS = table('segmentation_assignments');

export interface RunKey {
  readonly segmentation: string;
  readonly run: string;
}

export const ofRun = ({ segmentation, run }: RunKey): Sql =>
  sql`segmentation = ${segmentation} AND run = ${run}`;

/** `features`: a query with person and values. */
export const insertFeatures = ({ segmentation, run }: RunKey, features: Sql): Sql => sql`
  INSERT INTO ${SEGMENTATION_FEATURES} (segmentation, run, person, \`values\`)
  SELECT ${segmentation}, ${run}, person, \`values\` FROM (${features})`;

export const featuresOf = (key: RunKey): Sql =>
  sql`SELECT person, \`values\` FROM ${SEGMENTATION_FEATURES} WHERE ${ofRun(key)}`;

/** `placed`: a query with person and cluster. */
export const insertAssignments = ({ segmentation, run }: RunKey, placed: Sql): Sql => sql`
  INSERT INTO ${SEGMENTATION_ASSIGNMENTS} (segmentation, run, person, cluster)
  SELECT ${segmentation}, ${run}, person, cluster FROM (${placed})`;

/** At most `size` rows, the same for the same seed, whatever the order of the table. */
export const sampleOf = (key: RunKey, size: number, seed: number): Sql => sql`
  SELECT \`values\` FROM (${featuresOf(key)}) ORDER BY cityHash64(person, ${param(seed, 'UInt64')}), person LIMIT ${size}`;

export interface ChunkRow {
  /** 16 hex digits. */
  readonly person: string;
  readonly values: (number | null)[];
}

/** The next people after `after`, in the order of their keys; from the first without it. */
export const chunkOf = (key: RunKey, after: string | undefined, size: number): Sql => sql`
  SELECT ${hexOf(sql`f.person`)} AS person, f.\`values\` AS \`values\`
  FROM ${SEGMENTATION_FEATURES} AS f
  WHERE ${ofRun(key)} ${after === undefined ? sql`` : sql`AND f.person > ${keyOf(after)}`}
  ORDER BY f.person LIMIT ${size}`;

export interface StatisticsRow {
  /** -1 for people in no cluster; of everybody without clusters. */
  readonly cluster: number;
  readonly people: number;
  readonly means: (number | null)[];
  readonly sds: (number | null)[];
  readonly missing: number[];
}

const each = (count: number, one: (value: Sql) => Sql): Sql =>
  sql`[${join(
    Array.from({ length: count }, (_, i) => one(sql`\`values\`[${i + 1}]`)),
    ', ',
  )}]`;

const statistics = (features: number): Sql => sql`
  count() AS people, ${each(features, (v) => sql`avg(${v})`)} AS means, ${each(features, (v) => sql`stddevPop(${v})`)} AS sds,
  ${each(features, (v) => sql`countIf(isNull(${v}))`)} AS missing`;

export const statisticsOf = (key: RunKey, features: number): Sql => sql`
  SELECT toInt32(-1) AS cluster, ${statistics(features)} FROM (${featuresOf(key)})`;

export const statisticsByCluster = (key: RunKey, features: number): Sql => sql`
  SELECT cluster, ${statistics(features)}
  FROM (${featuresOf(key)}) AS f
  INNER JOIN (SELECT person, cluster FROM ${SEGMENTATION_ASSIGNMENTS} WHERE ${ofRun(key)}) AS a ON f.person = a.person
  GROUP BY cluster ORDER BY cluster`;

/** Row `{ cuts }`: of each feature its quantiles at 1/bins, 2/bins, … over those who have a value; nulls where nobody has. */
export const quantilesOf = (key: RunKey, features: number, bins: number): Sql => {
  const levels = join(
    Array.from({ length: bins - 1 }, (_, i) => sql`${param((i + 1) / bins, 'Float64')}`),
    ', ',
  );
  return sql`
  SELECT ${each(features, (v) => sql`quantilesExactInclusive(${levels})(${v})`)} AS cuts FROM (${featuresOf(key)})`;
};

/** Rows `{ feature, bin, people }`: how many cuts of the feature lie at or below the value; one more bin for no value. */
export const binsOf = (key: RunKey, cuts: readonly (readonly number[])[]): Sql => sql`
  SELECT
    feature, if(isNull(value), length(cuts) + 1, arrayCount(cut -> cut <= assumeNotNull(value), cuts)) AS bin, count() AS people
  FROM (${featuresOf(key)})
  ARRAY JOIN
    \`values\` AS value,
    [${join(
      cuts.map((of) => sql`${param(of, 'Array(Float64)')}`),
      ', ',
    )}] AS cuts,
    arrayEnumerate(\`values\`) AS feature
  GROUP BY feature, bin`;

/** Rows `{ before, now, people }` over people of both runs: their cluster in each. */
export const movesBetween = (before: RunKey, now: RunKey): Sql => sql`
  SELECT a.cluster AS before, b.cluster AS now, count() AS people
  FROM (SELECT person, cluster FROM ${SEGMENTATION_ASSIGNMENTS} WHERE ${ofRun(before)}) AS a
  INNER JOIN (SELECT person, cluster FROM ${SEGMENTATION_ASSIGNMENTS} WHERE ${ofRun(now)}) AS b ON a.person = b.person
  GROUP BY before, now`;

const TABLES = [SEGMENTATION_FEATURES, SEGMENTATION_ASSIGNMENTS];

/**
 * Of these people the run says from now on what another run says; in no cluster where that one knows nothing of them. Safe to
 * do again when it was cut off.
 */
export const replacedBy = (key: RunKey, other: RunKey, people: readonly string[]): Sql[] => [
  ...TABLES.map(
    (from) =>
      sql`ALTER TABLE ${from} DELETE WHERE ${ofRun(key)} AND person IN ${keysOf(people)} SETTINGS mutations_sync = 1`,
  ),
  insertFeatures(key, featuresOf(other)),
  insertAssignments(key, sql`SELECT person, cluster FROM ${SEGMENTATION_ASSIGNMENTS} WHERE ${ofRun(other)}`),
];

/** All that the segmentation has, but for the run that is to stay. */
export const forgetOthers = (segmentation: string, stays: string): Sql[] =>
  TABLES.map(
    (from) => sql`ALTER TABLE ${from} DELETE WHERE segmentation = ${segmentation} AND run != ${stays}`,
  );

export const forgetRun = (key: RunKey): Sql[] =>
  TABLES.map((from) => sql`ALTER TABLE ${from} DELETE WHERE ${ofRun(key)}`);
