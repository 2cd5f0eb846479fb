/** The work of one run: score, decide, join what the rules join themselves, and put the rest before people. */
import type { RunHandle } from '../../govern/contract.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Sql, sql, type TableRef } from '../../kernel/sql.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { PersonDirectory, PersonSql, ResolveCommands } from '../contract.ts';
import type { Edge } from './clusters.ts';
import { decidePairs } from './decide-pairs.ts';
import { type Decisions, identifierOf, readDecisions } from './decisions.service.ts';
import { type Scored, scorePairs } from './engine.service.ts';
import type { Lists } from './lists.service.ts';
import { curveOf, matchesInterval, thresholdFor } from './precision.ts';
import {
  expireProposals,
  groupIdentifiers,
  type HeldPairs,
  heldPairs,
  insertProposals,
  keepPairs,
  MATCH_PROPOSALS,
  type ProposalSides,
  type ProposedRun,
} from './propose.sql.ts';
import { recordSource } from './records.sql.ts';
import type { MatchingRules } from './rules.ts';
import type { ModelShown, RunSummary } from './shapes.ts';
import { shownModel } from './show-model.ts';
import { weightOf } from './weights.ts';

const TIMEOUT_MS = 1_800_000;
const GROUPS_A_READ = 20_000;
const LINES_AN_INSERT = 100_000;
const REFUSED =
  'The identity rules did not join them: a limit or a never-merge identifier stands against it.';

export interface MatchDeps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly person: PersonSql;
  readonly directory: PersonDirectory;
  readonly commands: ResolveCommands;
  readonly lists: Lists;
}

export interface MatchOutcome {
  readonly summary: RunSummary;
  readonly model: ModelShown;
  /** What weights are explained with later on. */
  readonly parameters: Scored['model'];
}

export async function runMatching(
  deps: MatchDeps,
  at: { rules: MatchingRules; rules_name: string; run_id: string; token: string; actor_id: string },
  handle: RunHandle,
): Promise<MatchOutcome> {
  const { warehouse, clock, lists, person } = deps;
  const { rules } = at;
  const started_ms = clock.now_ms();
  const left = rules.left === 'people' ? ('people' as const) : await lists.sourceOf(rules.left.list);
  const right = rules.right === undefined ? undefined : await lists.sourceOf(rules.right.list);
  const source = recordSource(rules, { person, left, right });
  const watch = {
    signal: handle.signal,
    progress: (share: number, what: string) => handle.progress(0.7 * share, what),
  };
  const scored = await scorePairs(warehouse, { rules, source, token: at.token, watch });
  try {
    const decisions = await readDecisions(deps, at.rules_name);
    const { summary, model } = await propose(deps, at, scored, decisions, handle);
    const seconds = (clock.now_ms() - started_ms) / 1_000;
    return { summary: { ...summary, seconds }, model, parameters: scored.model };
  } finally {
    await scored.drop();
  }
}

const ask = <Row>(warehouse: Warehouse, query: Sql): Promise<Row[]> =>
  warehouse.query<Row>(query, { timeout_ms: TIMEOUT_MS });

async function insertAll(warehouse: Warehouse, into: TableRef, rows: readonly object[]): Promise<void> {
  for (let from = 0; from < rows.length; from += LINES_AN_INSERT)
    await warehouse.insert(
      into,
      rows.slice(from, from + LINES_AN_INSERT).map((row) => JSON.stringify(row)),
    );
}

async function propose(
  deps: MatchDeps,
  at: Parameters<typeof runMatching>[1],
  scored: Scored,
  { labels, separated }: Decisions,
  handle: RunHandle,
): Promise<Omit<MatchOutcome, 'parameters'>> {
  const { warehouse, clock } = deps;
  const { rules, rules_name, run_id } = at;
  const curve = curveOf(scored.bins, labels);
  const review_weight = weightOf(rules.review.probability);
  const accept = acceptWeight(rules, curve, review_weight);
  const run: ProposedRun = { rules_name, run_id, rules, model: scored.model, scratch: scored.scratch };
  handle.progress(0.72, 'deciding');
  const edges = await scored.edges(review_weight);
  const read_ms = clock.now_ms();
  const held = await readHeld(
    warehouse,
    heldPairs(run, { separated, min_weight: review_weight, by: deps.person }),
  );
  const open = edges.filter((edge) => !held.why.has(pairOf(edge)));
  const { decided, groups, set_aside } = decidePairs(rules, open, {
    accept_weight: accept.weight,
    left_records: scored.records.left,
    apart: held.rejected,
  });
  await insertAll(warehouse, scored.scratch.decided, decided);
  handle.signal.throwIfAborted();
  await warehouse.execute(keepPairs(run));
  const links = rules.auto ? await linkGroups(deps, at, scored, groups.length, handle) : NO_LINKS;
  // A table, since a query has no room for many.
  const dropped = links.dropped.map((identifier) => ({ identifier }));
  await insertAll(warehouse, scored.scratch.dropped, dropped);
  const now_ms = clock.now_ms();
  handle.progress(0.97, 'writing proposals');
  await warehouse.execute(insertProposals(run, sidesOf(rules), { now_ms, read_ms, note: REFUSED }));
  await warehouse.execute(expireProposals(rules_name, run_id, now_ms + 1));
  const linked = decided.filter((one) => one.group > 0).length;
  const refused = dropped.length === 0 ? 0 : await countRefused(warehouse, run_id);
  const matches = matchesInterval(scored.bins);
  const summary: RunSummary = {
    left_records: scored.records.left,
    right_records: scored.records.right,
    compared_pairs: scored.compared_pairs,
    expected_matches: matches.expected,
    expected_matches_low: matches.low,
    expected_matches_high: matches.high,
    accept_probability: accept.probability,
    review_probability: rules.review.probability,
    above_accept: edges.filter((edge) => edge.weight >= accept.weight).length,
    in_review: decided.length - linked,
    linked: linked - refused,
    link_refused: refused,
    set_aside,
    withheld_by_consent: held.by_consent,
    clusters: groups.length,
    largest_cluster: groups.reduce((most, group) => Math.max(most, group.length), 0),
    seconds: 0,
  };
  return { summary, model: shownModel(scored, curve, [...accept.warnings, ...links.warnings]) };
}

/** Where pairs are taken for matches; never below the review threshold, nor where a match is less likely than not. */
function acceptWeight(
  rules: MatchingRules,
  curve: ReturnType<typeof curveOf>,
  review_weight: number,
): { weight: number; probability: number; warnings: string[] } {
  if ('probability' in rules.accept) {
    const weight = Math.max(review_weight, weightOf(rules.accept.probability));
    return { weight, probability: rules.accept.probability, warnings: [] };
  }
  const { precision } = rules.accept;
  const point = thresholdFor(curve, precision);
  if (point === undefined) {
    const message = `No threshold reaches a precision of ${precision}: nothing is accepted.`;
    return { weight: Number.MAX_VALUE, probability: 1, warnings: curve.length === 0 ? [] : [message] };
  }
  const weight = Math.max(review_weight, 0, point.weight);
  return { weight, probability: Math.max(rules.review.probability, 0.5, point.probability), warnings: [] };
}

const pairOf = ({ l, r }: Pick<Edge, 'l' | 'r'>): string => `${l} ${r}`;

async function readHeld(warehouse: Warehouse, query: Sql) {
  const [columns] = await ask<HeldPairs>(warehouse, query);
  const pairs = (columns?.l ?? []).map((l, i) => ({ l, r: columns?.r[i] ?? 0, why: columns?.why[i] ?? '' }));
  return {
    why: new Map(pairs.map((pair) => [pairOf(pair), pair.why])),
    rejected: pairs.filter((pair) => pair.why === 'rejected'),
    by_consent: pairs.filter((pair) => pair.why === 'consent').length,
  };
}

interface Links {
  /** Identifiers that the identity rules did not let in, as `type:value`. */
  readonly dropped: readonly string[];
  readonly warnings: readonly string[];
}
/** Written together, while the stream waits. */
const GROUPS_A_LINK = 200;

const NO_LINKS: Links = { dropped: [], warnings: [] };

/** Joins the identifiers of each group through the identity rules. */
async function linkGroups(
  { warehouse, commands }: MatchDeps,
  at: { run_id: string; actor_id: string },
  scored: Scored,
  groups: number,
  handle: RunHandle,
): Promise<Links> {
  const dropped: string[] = [];
  const warnings = new Set<string>();
  const link = async (some: readonly (readonly string[])[]): Promise<void> => {
    const answers = await commands.linkMany({
      groups: some.map((identifiers) => identifiers.map(identifierOf)),
      cause: 'match',
      detail: at.run_id,
      actor_id: at.actor_id,
    });
    answers.forEach((answer, i) => {
      if ('refused' in answer) {
        dropped.push(...(some[i] ?? []));
        warnings.add(`Some could not be joined. ${answer.refused}`);
      } else dropped.push(...answer.dropped.map(({ type, value }) => `${type}:${value}`));
    });
  };
  for (let from = 1; from <= groups; from += GROUPS_A_READ) {
    const range = groupIdentifiers(scored.scratch, from, from + GROUPS_A_READ);
    const read = await ask<{ identifiers: string[] }>(warehouse, range);
    for (let first = 0; first < read.length; first += GROUPS_A_LINK) {
      handle.signal.throwIfAborted();
      await link(read.slice(first, first + GROUPS_A_LINK).map(({ identifiers }) => identifiers));
    }
    handle.progress(0.75 + (0.2 * Math.min(groups, from + GROUPS_A_READ)) / groups, 'joining people');
  }
  return { dropped, warnings: [...warnings] };
}

function sidesOf(rules: MatchingRules): ProposalSides {
  const left =
    rules.left === 'people'
      ? { kind: 'person' as const, list: '' }
      : { kind: 'list' as const, list: rules.left.list };
  return { left, right: rules.right === undefined ? left : { kind: 'list', list: rules.right.list } };
}

const countRefused = async (warehouse: Warehouse, run_id: string): Promise<number> => {
  const query = sql`SELECT count() AS n FROM ${MATCH_PROPOSALS} FINAL WHERE run_id = ${run_id} AND state = 'accepted'`;
  return (await ask<{ n: number }>(warehouse, query))[0]?.n ?? 0;
};
