/** Histories of nodes as the stream would have kept them, from events. */
import type { Sql } from '../../kernel/sql.ts';
import type { PersonNodeSql } from '../../resolve/contract.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { Signal } from '../rules/signal.ts';
import { type HistoryRow, historiesSql, readHistory } from '../stream/histories.sql.ts';
import { historyKey, NO_HISTORY } from '../stream/node-history.ts';
import type { SegmentStates } from '../stream/segments.step.ts';
import { isTooLong } from './refresh.service.ts';

const COMMIT_STATES = 2_000;

interface Deps {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly sql: PersonNodeSql;
}

/** The caller holds the turn. `nodes` lose what they had when there is no event of theirs. */
export async function rebuildPart(
  signals: readonly Signal[],
  where: Sql,
  nodes: readonly string[],
  states: SegmentStates,
  { warehouse, online, sql: people }: Deps,
): Promise<void> {
  const position = await states.position();
  const query = historiesSql(signals, { sql: people, where, position });
  if (isTooLong(signals, query)) {
    const middle = Math.ceil(signals.length / 2);
    for (const half of [signals.slice(0, middle), signals.slice(middle)])
      await rebuildPart(half, where, nodes, states, { warehouse, online, sql: people });
    return;
  }
  const rows = await warehouse.query<HistoryRow>(query, { timeout_ms: 300_000 });
  const found = new Set(rows.map((row) => row.owner));
  const empty = nodes.filter((node) => !found.has(node));
  await online.commit({
    put: empty.map((node) => ({ key: historyKey(node), value: { ...NO_HISTORY, position } })),
  });
  states.histories.forget(empty);
  for (let from = 0; from < rows.length; from += COMMIT_STATES) {
    const some = rows.slice(from, from + COMMIT_STATES);
    const owners = some.map((row) => row.owner);
    const before = await states.histories.get(owners);
    const put = some.map((row, i) => ({
      key: historyKey(row.owner),
      value: readHistory(row, signals, before[i], position),
    }));
    await online.commit({ put });
    states.histories.forget(owners);
  }
}
