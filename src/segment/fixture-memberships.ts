/** Who is in which segment, by each of the places that say so, for tests: `segment person`, sorted. */
import { key64 } from '../kernel/ids.ts';
import { hexOf } from '../kernel/key64.ts';
import { sql } from '../kernel/sql.ts';
import type { Identifier, NodeId } from '../resolve/contract.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import type { TestStream } from './fixture-stream.ts';

const WHO = ['u1', 'u2', 'u3', 'a1', 'a2', 'a3', 'a9'];
const identifierOf = (who: string): Identifier => ({
  type: who.startsWith('u') ? 'user_id' : 'anonymous_id',
  value: who,
});
/** The node of a user `u…` or a device `a…`. */
export const keyOf = (who: string): NodeId => key64(`${identifierOf(who).type}:${who}`) as NodeId;
const identifiers = new Map(WHO.map((who) => [keyOf(who), identifierOf(who)]));
export const identifierAt = (node: NodeId): Identifier | undefined => identifiers.get(node);

export async function onlineMemberships(stream: TestStream): Promise<string[]> {
  const people = [...new Set(stream.people.values())];
  const found = await stream.work.reader.segmentsOf(people);
  return people.flatMap((person, i) => (found[i] ?? []).map((name) => `${name} ${person}`)).sort();
}

export async function storedMemberships(warehouse: Warehouse): Promise<string[]> {
  const rows = await warehouse.query<{ segment: string; person: string }>(
    sql`SELECT segment, ${hexOf(sql`person`)} AS person FROM segment_members FINAL WHERE member = 1`,
  );
  return rows.map(({ segment, person }) => `${segment} ${person}`).sort();
}

/** What follows from entered and exited one after the other; each must change something. */
export async function membershipsFromChanges(warehouse: Warehouse): Promise<string[]> {
  const rows = await warehouse.query<{ id: string; person: string; what: string; at: string }>(
    sql`SELECT concat(segment, ' ', ${hexOf(sql`person`)}) AS id, what, at FROM segment_changes FINAL`,
  );
  const balance = new Map<string, number>();
  for (const { id, what } of rows) balance.set(id, (balance.get(id) ?? 0) + (what === 'entered' ? 1 : -1));
  return [...balance]
    .flatMap(([id, n]) => {
      if (n !== 0 && n !== 1) throw new Error(`${id} entered ${n} times more than it exited`);
      return n === 1 ? [id] : [];
    })
    .sort();
}
