import type { Definitions, RunHandle, Runs } from '../../govern/contract.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { keyOf } from '../../kernel/key64.ts';
import type { Actor } from '../../kernel/operation.ts';
import { param, sql, table } from '../../kernel/sql.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import type { Model } from './estimate.ts';
import { type MatchDeps, runMatching } from './match.service.ts';
import { MATCHING_RULES_KIND } from './matching-rules-kind.ts';
import type { MatchingServices } from './operations.ts';
import { thresholdFor } from './precision.ts';
import { forgetPairs, MATCH_PAIRS, pairHex } from './propose.sql.ts';
import { type MatchingRules, MatchingRulesBody } from './rules.ts';
import type { MatchRun, ModelShown, PairShown } from './shapes.ts';
import { readTruth, scoreTruth } from './truth.ts';
import { waterfall } from './weights.ts';

const MATCH_RUNS = table('match_runs');
/** Pairs of older runs of the same rules are forgotten; their parameters stay. */
const RUNS_WITH_PAIRS = 3;
const TRUTH_PAIRS_MAX = 3_000_000;

interface RunRow {
  readonly id: string;
  readonly rules: string;
  readonly rules_version: number;
  readonly mode: 'dedupe' | 'link';
  readonly state: MatchRun['state'];
  readonly background_run: string;
  readonly actor_id: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly error: string;
  /** The rules of the run. */
  readonly body: string;
  readonly summary: string | null;
  /** ModelShown, and the parameters that weights are explained with. */
  readonly model: string | null;
}

interface KeptModel {
  readonly shown: ModelShown;
  readonly parameters: Model;
}

export interface MatchRuns {
  readonly services: MatchingServices['runs'];
  /** Rules and parameters of a run, to explain a weight with. */
  explain(run_id: string): Promise<{ rules: MatchingRules; model: Model }>;
  /** Ends runs that a stop of the program cut off, and drops the tables that they left: how many. */
  cleanUp(): Promise<number>;
}

export function createMatchRuns(
  deps: MatchDeps & { readonly control: ControlDb; readonly definitions: Definitions; readonly runs: Runs },
): MatchRuns {
  const { warehouse, control, clock, definitions } = deps;
  const active = new Set<string>();
  const now = () => new Date(clock.now_ms()).toISOString();

  const rowOf = async (id: string): Promise<RunRow> => {
    const row = await control.one<RunRow>(sql`SELECT * FROM ${MATCH_RUNS} WHERE id = ${id}`);
    if (row === undefined)
      throw new AppError('not_found', { message: `There is no run ${id}.`, field: 'id' });
    return row;
  };
  const modelOf = (row: RunRow): KeptModel => {
    if (row.model === null)
      throw new AppError('not_ready', {
        message: `Run ${row.id} has no result: it is ${row.state}.`,
        field: 'id',
      });
    return JSON.parse(row.model) as KeptModel;
  };
  /** Once: what fails after the end, or is cleaned up meanwhile, does not end it again. */
  const end = async (id: string, state: MatchRun['state'], error: string): Promise<void> => {
    await control.run(sql`UPDATE ${MATCH_RUNS} SET state = ${state}, error = ${error}, ended_at = ${now()}
      WHERE id = ${id} AND state = 'running'`);
  };

  async function work(row: RunRow, rules: MatchingRules, handle: RunHandle): Promise<unknown> {
    const { id, rules: rules_name, actor_id } = row;
    try {
      const at = { rules, rules_name, run_id: id, token: tokenOf(id), actor_id };
      const { summary, model, parameters } = await runMatching(deps, at, handle);
      const kept: KeptModel = { shown: model, parameters };
      await control.run(sql`UPDATE ${MATCH_RUNS} SET summary = ${JSON.stringify(summary)}, model = ${JSON.stringify(kept)}
        WHERE id = ${id}`);
      await end(id, 'done', '');
      await forgetOld(rules_name);
      return { match_run: id, ...summary };
    } catch (error) {
      const said = error instanceof AppError ? error.details.message : 'The run failed; the log says why.';
      await end(id, handle.signal.aborted ? 'cancelled' : 'failed', handle.signal.aborted ? '' : said);
      throw error;
    } finally {
      active.delete(id);
    }
  }

  const start: MatchRuns['services']['start'] = async (rules_name, actor) => {
    const released = definitions.current(MATCHING_RULES_KIND).find((d) => d.name === rules_name);
    if (released === undefined) {
      const message = `There are no released matching rules ${rules_name}.`;
      throw new AppError('not_found', { message, field: 'rules' });
    }
    const rules = MatchingRulesBody.parse(released.body);
    for (const side of [rules.left, rules.right])
      if (side !== undefined && side !== 'people') await deps.lists.sourceOf(side.list);
    const row = newRow(rules, released.version, rules_name, actor, now());
    active.add(row.id);
    await control.run(insertRow(row));
    try {
      const background = await deps.runs.start('matching.run', rules_name, actor, (handle) =>
        work(row, rules, handle),
      );
      await control.run(sql`UPDATE ${MATCH_RUNS} SET background_run = ${background.id} WHERE id = ${row.id}`);
    } catch (error) {
      active.delete(row.id);
      await control.run(sql`DELETE FROM ${MATCH_RUNS} WHERE id = ${row.id}`);
      throw error;
    }
    return shown(await rowOf(row.id));
  };

  const forgetOld = async (rules_name: string): Promise<void> => {
    const rows = await control.all<{ id: string }>(sql`SELECT id FROM ${MATCH_RUNS}
      WHERE rules = ${rules_name} AND state <> 'running' ORDER BY started_at DESC, id LIMIT 20`);
    const old = rows.slice(RUNS_WITH_PAIRS).map((row) => row.id);
    if (old.length > 0) await warehouse.execute(forgetPairs(old));
  };

  return {
    services: {
      rules: () =>
        definitions.current(MATCHING_RULES_KIND).map(({ name, version, body }) => {
          const { mode, description, auto, left, right } = MatchingRulesBody.parse(body);
          const left_name = left === 'people' ? left : left.list;
          return { name, version, mode, description, auto, left: left_name, right: right?.list ?? '' };
        }),
      start,
      async list(rules_name, limit) {
        const only = rules_name === undefined ? sql`` : sql`WHERE rules = ${rules_name}`;
        const rows = await control.all<RunRow>(
          sql`SELECT * FROM ${MATCH_RUNS} ${only} ORDER BY started_at DESC, id LIMIT ${limit}`,
        );
        return rows.map(shown);
      },
      async show(id) {
        const row = await rowOf(id);
        return { run: shown(row), model: row.model === null ? null : modelOf(row).shown };
      },
      async pairs(id, { min_probability, max_probability, limit, offset }) {
        await rowOf(id);
        const where = sql`run_id = ${id} AND probability >= ${param(min_probability, 'Float64')}
          AND probability <= ${param(max_probability, 'Float64')}`;
        const [count] = await warehouse.query<{ n: number }>(
          sql`SELECT count() AS n FROM ${MATCH_PAIRS} WHERE ${where}`,
        );
        const pairs =
          await warehouse.query<PairShown>(sql`SELECT ${pairHex} AS id, weight, probability, left_id, right_id
          FROM ${MATCH_PAIRS} WHERE ${where} ORDER BY weight DESC, pair LIMIT ${limit} OFFSET ${offset}`);
        return { pairs, total: count?.n ?? 0 };
      },
      async pair(id, pair_id) {
        const { rules, model } = await explain(id);
        const [row] = await warehouse.query<PairShown & { levels: number[]; frequencies: number[] }>(
          sql`SELECT ${pairHex} AS id, weight, probability, left_id, right_id, levels, frequencies
            FROM ${MATCH_PAIRS} WHERE run_id = ${id} AND pair = ${keyOf(pair_id)} LIMIT 1`,
        );
        if (row === undefined)
          throw new AppError('not_found', { message: `Run ${id} kept no such pair.`, field: 'pair_id' });
        const { levels, frequencies, ...pair } = row;
        return { pair, waterfall: waterfall(rules, model, levels, frequencies) };
      },
      async threshold(id, precision) {
        return thresholdFor(modelOf(await rowOf(id)).shown.curve, precision) ?? null;
      },
      async score(id, truth) {
        const row = await rowOf(id);
        const known = readTruth(truth, row.mode);
        const summary = JSON.parse(row.summary ?? 'null') as MatchRun['summary'];
        const rows = await warehouse.query<{ l: string; r: string; p: number }>(
          sql`SELECT left_id AS l, right_id AS r, probability AS p FROM ${MATCH_PAIRS} WHERE run_id = ${id}
            ORDER BY weight DESC, pair LIMIT ${TRUTH_PAIRS_MAX}`,
          { timeout_ms: 120_000 },
        );
        return scoreTruth(known, rows, truth.probability ?? summary?.accept_probability ?? 0.5);
      },
    },
    explain,
    async cleanUp() {
      const rows = await control.all<{ id: string }>(
        sql`SELECT id FROM ${MATCH_RUNS} WHERE state = 'running'`,
      );
      for (const { id } of rows.filter((row) => !active.has(row.id)))
        await end(id, 'failed', 'The program stopped while it ran: start it again.');
      const tables = await warehouse.query<{ name: string }>(
        sql`SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'matching_scratch_')`,
      );
      const alive = [...active].map(tokenOf);
      const dead = tables.filter(({ name }) => !alive.some((token) => name.includes(token)));
      for (const { name } of dead) await warehouse.execute(sql`DROP TABLE IF EXISTS ${table(name)}`);
      return dead.length;
    },
  };

  async function explain(run_id: string): Promise<{ rules: MatchingRules; model: Model }> {
    const row = await rowOf(run_id);
    return { rules: MatchingRulesBody.parse(JSON.parse(row.body)), model: modelOf(row).parameters };
  }
}

/** Part of a table's name. */
const tokenOf = (run_id: string): string => Buffer.from(run_id).toString('hex').slice(0, 40);

const newRow = (rules: MatchingRules, version: number, name: string, actor: Actor, at: string): RunRow => ({
  id: newId('match'),
  rules: name,
  rules_version: version,
  mode: rules.mode,
  state: 'running',
  background_run: '',
  actor_id: actor.id,
  started_at: at,
  ended_at: null,
  error: '',
  body: JSON.stringify(rules),
  summary: null,
  model: null,
});

const insertRow = (row: RunRow) => sql`INSERT INTO ${MATCH_RUNS}
  (id, rules, rules_version, mode, state, background_run, actor_id, started_at, error, body)
  VALUES (${row.id}, ${row.rules}, ${row.rules_version}, ${row.mode}, ${row.state}, '', ${row.actor_id}, ${row.started_at}, '', ${row.body})`;

function shown({ body: _b, model: _m, summary, ...row }: RunRow): MatchRun {
  return { ...row, summary: summary === null ? null : (JSON.parse(summary) as MatchRun['summary']) };
}
