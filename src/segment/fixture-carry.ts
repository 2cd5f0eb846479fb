/** People with discovered segments, who are joined and parted, for tests. */
import type { PersonId } from '../kernel/ids.ts';
import { render, type Sql, statement } from '../kernel/sql.ts';
import type { NodeId, NodeMove } from '../resolve/contract.ts';
import { SEGMENTATION_ASSIGNMENTS } from './discover/feature-store.sql.ts';
import { logged, NOW_MS, type SegmentFixture } from './fixture.ts';
import {
  identifierAt,
  keyOf,
  membershipsFromChanges,
  onlineMemberships,
  storedMemberships,
} from './fixture-memberships.ts';
import { openTestStream, type TestStream } from './fixture-stream.ts';
import { digitsOf } from './stream/changes.ts';

export const WHO = ['u1', 'u2', 'u3', 'a1', 'a2', 'a3'];
export const CLUSTERS = ['gold', 'silver', 'bronze'];
export const value = { kind: 'segmentation', name: 'value', version: 1, body: {} };
export const person = (who: string): PersonId => keyOf(who) as string as PersonId;

export const of = (list: Readonly<Record<string, number>>): Map<PersonId, number> =>
  new Map(Object.entries(list).map(([who, cluster]) => [person(who), cluster]));
export const everywhere = (list: readonly string[]) => {
  const lines = list.map((one) => `value/${one.replace(/ (.*)$/, (_, who) => ` ${keyOf(who)}`)}`).sort();
  return [lines, lines, lines];
};

/** All nodes of a person go to another. */
export function join(stream: TestStream, from: PersonId, to: PersonId): NodeMove[] {
  const nodes = [...stream.people].filter(([, owner]) => owner === from).map(([node]) => node);
  for (const node of nodes) stream.people.set(node, to);
  return nodes.map((node) => ({ node, from, to }));
}

/** A node goes back to the person of its own key. */
export function part(stream: TestStream, node: NodeId): NodeMove[] {
  const from = stream.people.get(node) as PersonId;
  const to = node as string as PersonId;
  stream.people.set(node, to);
  return from === to ? [] : [{ node, from, to }];
}

let runs = 0;

/** What a test does with one fixture. */
export function carrying(fixture: SegmentFixture) {
  /** Everybody was seen, nobody is in anything. */
  async function open(): Promise<TestStream> {
    await fixture.clear();
    await fixture.warehouse.execute(statement('TRUNCATE TABLE segmentation_assignments'));
    fixture.clock.set(NOW_MS);
    const stream = openTestStream(fixture, identifierAt);
    stream.release([value]);
    const events = WHO.map((who, i) => ({
      position: i + 1,
      event: logged(who.startsWith('u') ? { user_id: who } : { user_id: '', anonymous_id: who }),
    }));
    await stream.feed(events);
    return stream;
  }

  /** The same stores after a crash. */
  function reopened(before: TestStream, on: SegmentFixture = fixture): TestStream {
    const stream = openTestStream(on, identifierAt);
    for (const [node, owner] of before.people) stream.people.set(node, owner);
    stream.release([value]);
    return stream;
  }

  /** As a run does: rows first, then the command. `clusters` by person, -1 for none. */
  async function assign(
    stream: TestStream,
    clusters: ReadonlyMap<PersonId, number>,
    names = CLUSTERS,
    fingerprint = 'a',
  ) {
    const assignment = await runOf(clusters, names, fingerprint);
    return stream.work.commands.assign(assignment);
  }

  async function runOf(clusters: ReadonlyMap<PersonId, number>, names = CLUSTERS, fingerprint = 'a') {
    const key = { segmentation: 'value', run: `run${++runs}` };
    await fixture.warehouse.insert(
      SEGMENTATION_ASSIGNMENTS,
      [...clusters].map(([who, cluster]) => JSON.stringify({ ...key, person: digitsOf(who), cluster })),
    );
    const segments = names.map((name, cluster) => ({ name: `value/${name}`, label: `The ${name}`, cluster }));
    return { ...key, version: 1, fingerprint, segments };
  }

  const places = async (stream: TestStream) => [
    await onlineMemberships(stream),
    await storedMemberships(fixture.warehouse),
    await membershipsFromChanges(fixture.warehouse),
  ];
  return { open, reopened, assign, runOf, places };
}

/** A warehouse and an online store that fail from the nth write on. */
export function failingAfter(fixture: SegmentFixture, calls: number): SegmentFixture {
  let left = calls;
  const counted =
    <A extends unknown[], R>(write: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      left -= 1;
      if (left < 0) throw new Error('the process has ended');
      return write(...args);
    };
  const { warehouse, online } = fixture;
  return {
    ...fixture,
    warehouse: {
      ...warehouse,
      execute: counted((statement: Sql) => warehouse.execute(statement)),
      insert: counted((...args: Parameters<typeof warehouse.insert>) => warehouse.insert(...args)),
    },
    online: {
      ...online,
      commit: counted((...args: Parameters<typeof online.commit>) => online.commit(...args)),
    },
  };
}

/** Stores over which something happens once, after the next scan has read and before its answers are written. */
export function whileScanning(fixture: SegmentFixture) {
  let act: (() => Promise<void>) | undefined;
  const { warehouse } = fixture;
  return {
    once: (next: () => Promise<void>): void => {
      act = next;
    },
    isDone: (): boolean => act === undefined,
    fixture: {
      ...fixture,
      warehouse: {
        ...warehouse,
        async execute(statement: Sql) {
          await warehouse.execute(statement);
          if (!render(statement, 'clickhouse-literal').text.startsWith('INSERT INTO segment_scan (')) return;
          await act?.();
          act = undefined;
        },
      },
    },
  };
}
