import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { keyOf } from '../../kernel/key64.ts';
import type { Actor } from '../../kernel/operation.ts';
import { empty, param, type Sql, sql } from '../../kernel/sql.ts';
import { createTurns } from '../../kernel/turns.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { PersonDirectory, PersonSql, ResolveCommands } from '../contract.ts';
import { areApart, identifierOf } from './decisions.service.ts';
import type { MatchingServices } from './operations.ts';
import { agreedNow, type ProposalRow, proposalRow, stateCounts } from './proposals.sql.ts';
import { MATCH_PROPOSALS } from './propose.sql.ts';
import type { MatchRuns } from './runs.service.ts';
import type { Proposal, ProposalState } from './shapes.ts';
import { PROPOSAL_STATES } from './shapes.ts';
import { waterfall } from './weights.ts';

type Services = MatchingServices['proposals'];

export function createProposals(deps: {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly commands: ResolveCommands;
  readonly person: PersonSql;
  readonly directory: PersonDirectory;
  readonly runs: MatchRuns;
}): Services {
  const { warehouse, clock, commands, person, directory, runs } = deps;
  // A decision reads the newest version and writes the next: one after the other.
  const turns = createTurns();

  const rowOf = async (id: string): Promise<ProposalRow> => {
    const [row] = await warehouse.query<ProposalRow>(
      sql`${proposalRow} WHERE pair = ${keyOf(id)} ORDER BY version DESC LIMIT 1`,
    );
    if (row === undefined)
      throw new AppError('not_found', { message: `There is no proposal ${id}.`, field: 'id' });
    return row;
  };

  const save = async (
    row: ProposalRow,
    change: { state: ProposalState; decided_by: string; decided_at: string | null; note: string },
  ): Promise<Proposal> => {
    const version = Math.max(row.version + 1, clock.now_ms());
    const at: Sql =
      change.decided_at === null ? sql`NULL` : sql`${param(change.decided_at, 'DateTime64(3)')}`;
    await warehouse.execute(sql`INSERT INTO ${MATCH_PROPOSALS} SELECT * REPLACE(${change.state} AS state,
        ${change.decided_by} AS decided_by, ${at} AS decided_at, ${change.note} AS note, ${param(version, 'UInt64')} AS version)
      FROM (SELECT * FROM ${MATCH_PROPOSALS} WHERE pair = ${keyOf(row.id)} AND version = ${param(row.version, 'UInt64')} LIMIT 1)`);
    return shownNow({ ...row, ...change });
  };

  const isTakenApart = async ({ state, left_identifier, right_identifier }: ProposalRow): Promise<boolean> =>
    state === 'linked' && areApart(directory, left_identifier, right_identifier);
  const shownNow = async (row: ProposalRow): Promise<Proposal> => shown(row, await isTakenApart(row));

  async function accept(row: ProposalRow, note: string, actor: Actor): Promise<Proposal> {
    await refuseWithoutConsent(row);
    const { dropped, reason } = await commands.link({
      identifiers: [row.left_identifier, row.right_identifier].map(identifierOf),
      // Whoever joins again what was taken apart takes that back; a match alone could not.
      cause: row.state === 'linked' ? 'manual' : 'match',
      detail: `proposal ${row.id}`,
      actor_id: actor.id,
    });
    const decided = { decided_by: actor.name, decided_at: new Date(clock.now_ms()).toISOString() };
    if (dropped.length === 0) return save(row, { ...decided, state: 'linked', note });
    const types = [...new Set(dropped.map((one) => one.type))].join(', ');
    const why = `The identity rules did not join them because of ${types}: ${reason?.rule ?? 'a limit'}.`;
    return save(row, { ...decided, state: 'accepted', note: note === '' ? why : `${note} (${why})` });
  }

  /** Somebody may have withdrawn consent since the run. */
  async function refuseWithoutConsent(row: ProposalRow): Promise<void> {
    if (row.left_kind === row.right_kind) return;
    const { rules } = await runs.explain(row.run_id);
    if (rules.offline_online === 'allow') return;
    const [latest] =
      rules.offline_online === 'never'
        ? []
        : await warehouse.query<{ agreed: number }>(
            agreedNow(rules.consent_category, identifierOf(row.left_identifier), person),
          );
    if (latest?.agreed === 1) return;
    throw new AppError('conflict', {
      message: `This person has not agreed (${rules.consent_category}) to be joined with an offline record.`,
      field: 'decision',
      rule: 'offline_online',
    });
  }

  async function decideNow(
    id: string,
    decision: Parameters<Services['decide']>[1],
    note: string,
    actor: Actor,
  ) {
    const row = await rowOf(id);
    if (row.state === 'linked' && !(await isTakenApart(row)))
      throw new AppError('conflict', {
        message: 'This proposal is linked already. Undo the merge on the page of the person.',
        field: 'decision',
      });
    if (decision === 'accept') return accept(row, note, actor);
    if (decision === 'undo') return save(row, { state: 'open', decided_by: '', decided_at: null, note: '' });
    const state = decision === 'reject' ? 'rejected' : 'unsure';
    return save(row, {
      state,
      decided_by: actor.name,
      decided_at: new Date(clock.now_ms()).toISOString(),
      note,
    });
  }

  return {
    async list({ state, rules, limit, offset }) {
      const of_rules = rules === undefined ? empty : sql`AND rules = ${rules}`;
      const of_state = state === undefined ? empty : sql`AND state = ${state}`;
      const counts = await warehouse.query<{ state: ProposalState; n: number }>(stateCounts(of_rules));
      const rows = await warehouse.query<ProposalRow>(
        sql`${proposalRow} FINAL WHERE 1 ${of_rules} ${of_state} ORDER BY weight DESC, pair LIMIT ${limit} OFFSET ${offset}`,
      );
      const by_state = Object.fromEntries(
        PROPOSAL_STATES.map((one) => [one, counts.find((c) => c.state === one)?.n ?? 0]),
      ) as Record<ProposalState, number>;
      const total = state === undefined ? counts.reduce((sum, c) => sum + c.n, 0) : by_state[state];
      return { proposals: await Promise.all(rows.map(shownNow)), total, by_state };
    },
    async show(id) {
      const row = await rowOf(id);
      const { rules, model } = await runs.explain(row.run_id);
      const fields = rules.fields.map(({ name }) => {
        const [left, right] = [row.left_values[name] ?? '', row.right_values[name] ?? ''];
        return { field: name, left, right, equal: left !== '' && left === right };
      });
      return {
        proposal: await shownNow(row),
        fields,
        waterfall: waterfall(rules, model, row.levels, row.frequencies),
      };
    },
    async decide(id, decision, note, actor) {
      const done = await turns.take();
      try {
        return await decideNow(id, decision, note, actor);
      } finally {
        done();
      }
    },
  };
}

const TITLE_FIELDS = 3;
const titleOf = (values: Readonly<Record<string, string>>): string =>
  Object.values(values)
    .filter((value) => value !== '')
    .slice(0, TITLE_FIELDS)
    .join(' · ');

function shown(row: ProposalRow, taken_apart: boolean): Proposal {
  const { id, rules, run_id, state, reason, weight, probability, decided_by, decided_at, note, proposed_at } =
    row;
  return {
    id,
    rules,
    run_id,
    state,
    taken_apart,
    reason,
    weight,
    probability,
    left: { kind: row.left_kind, list: row.left_list, record_id: row.left_id },
    right: { kind: row.right_kind, list: row.right_list, record_id: row.right_id },
    left_title: titleOf(row.left_values),
    right_title: titleOf(row.right_values),
    decided_by,
    decided_at,
    note,
    proposed_at,
  };
}
