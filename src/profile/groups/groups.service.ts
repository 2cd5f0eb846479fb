import type { Clock } from '../../kernel/clock.ts';
import { maskJson } from '../../kernel/contacts.ts';
import { AppError } from '../../kernel/errors.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { Sql } from '../../kernel/sql.ts';
import type { NodeId, PersonDirectory, PersonNodeSql } from '../../resolve/contract.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { Json, ProfileReader } from '../contract.ts';
import { readNodeStates } from '../node-states.service.ts';
import { identifierView, nameOf } from '../people/profile-view.ts';
import { type GroupKey, type GroupName, groupStateKey, readGroupKey } from '../state/group-key.ts';
import type { GroupState } from '../state/group-state.ts';
import type { GroupDetailView, GroupView } from './group-schema.ts';
import { type GroupRow, groupsLike, listGroups, membersOf, ofGroup } from './groups.sql.ts';

interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** What profiles show of groups. */
export interface GroupTraitReader {
  /** Groups that any of the nodes was ever said to be in, by key. */
  membershipsOf(nodes: readonly NodeId[]): Promise<{ readonly key: GroupKey; readonly since_ms: number }[]>;
  /** In the order of `groups`. */
  traitsOf(groups: readonly GroupName[]): Promise<Record<string, Json>[]>;
}

export interface GroupsService extends GroupTraitReader {
  list(ask: Page & { type?: string | undefined; q: string }): Promise<{ groups: GroupView[]; more: boolean }>;
  show(key: string, page: Page, contacts: boolean): Promise<GroupDetailView>;
}

export function createGroupsService(deps: {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly directory: PersonDirectory;
  readonly sql: PersonNodeSql;
  readonly reader: ProfileReader;
}): GroupsService {
  const { warehouse, online, clock, directory, sql: people } = deps;

  const statesOf = (groups: readonly GroupName[]) => online.getMany<GroupState>(groups.map(groupStateKey));

  async function peopleOf(group: GroupName, { limit, offset }: Page, contacts: boolean) {
    const rows = await warehouse.query<{ person_key: PersonId; since: string }>(
      membersOf(group, people, limit + 1, offset),
    );
    const shown = rows.slice(0, limit);
    const ids = shown.map((row) => row.person_key);
    const [identifiers, profiles] = [await directory.identifiersOf(ids), await deps.reader.profilesOf(ids)];
    const list = shown.map(({ person_key, since }, i) => {
      const leading = identifierView(identifiers[i]?.[0] ?? { type: 'person', value: person_key }, contacts);
      const profile = profiles[i];
      const name = profile === undefined ? '' : nameOf(profile, clock.now_ms(), contacts);
      return { person: person_key as string, identifier: `${leading.type}:${leading.value}`, name, since };
    });
    return { people: list, more: rows.length > limit };
  }

  const listed = (which: Sql, limit: number, offset: number) =>
    warehouse.query<GroupRow>(listGroups(people, which, limit, offset));

  return {
    async membershipsOf(nodes) {
      const states = await readNodeStates(online, nodes);
      const since = new Map<GroupKey, number>();
      for (const state of states) {
        for (const [key, at_ms] of Object.entries(state?.groups ?? {}))
          since.set(key, Math.min(since.get(key) ?? at_ms, at_ms));
      }
      return [...since].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, since_ms]) => ({ key, since_ms }));
    },
    async traitsOf(groups) {
      return (await statesOf(groups)).map((state) =>
        Object.fromEntries(
          Object.entries(state?.traits ?? {}).map(([name, [value]]) => [name, JSON.parse(value) as Json]),
        ),
      );
    },
    async list({ type, q, limit, offset }) {
      const rows = await listed(groupsLike(q, type), limit + 1, offset);
      return { groups: rows.slice(0, limit).map(groupView), more: rows.length > limit };
    },
    async show(key, page, contacts) {
      const group = readGroupKey(key);
      const [state] = await statesOf([group]);
      const [row] = await listed(ofGroup(group), 1, 0);
      if (row === undefined && state === undefined)
        throw new AppError('not_found', {
          message: 'There is no such group.',
          field: 'key',
          rule: 'type:id',
        });
      const { type, id } = group;
      // What the group is called is in every list; the rest may speak of people.
      const shown = (name: string, value: unknown): unknown =>
        contacts || name === 'name' ? value : maskJson(value, name);
      const traits = Object.entries(state?.traits ?? {})
        .filter(([, [value]]) => value !== 'null')
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, [value, at_ms, source_id]]) => ({
          name,
          value: shown(name, JSON.parse(value)),
          at: new Date(at_ms).toISOString(),
          source_id,
        }));
      const head = row === undefined ? { type, id, name: '', members: 0, last_joined: null } : groupView(row);
      return { ...head, traits, ...(await peopleOf(group, page, contacts)) };
    },
  };
}

function groupView({ type, id, members, last_joined, name }: GroupRow): GroupView {
  const said: unknown = name === '' ? '' : JSON.parse(name);
  return { type, id, members, last_joined, name: typeof said === 'string' ? said : '' };
}
