/** The stream over a fixture: people, traits and the feed are played by the test, stores are real. */
import type { LoggedEvent, SystemEvent } from '../collect/contract.ts';
import type { Definitions, ReleasedDefinition } from '../govern/contract.ts';
import type { PersonId } from '../kernel/ids.ts';
import { silentLogger } from '../kernel/logger.ts';
import { createTurns } from '../kernel/turns.ts';
import type { PersonProfile, ProfileReader } from '../profile/contract.ts';
import type { Identifier, NodeId, NodeMove, PersonDirectory, ResolvedBatch } from '../resolve/contract.ts';
import type { SegmentSet } from './compile/segment-set.ts';
import { nodeOf, type SegmentFixture, type StoredTrait, testPeople, testTraits } from './fixture.ts';
import { releasedSet } from './stream/streamed.ts';
import { giveAll } from './use/fixture-use.ts';
import { createSegmentWork, type SegmentWork } from './work.ts';

export interface TestStream {
  readonly work: SegmentWork;
  readonly told: SystemEvent[];
  readonly definitions: Definitions;
  readonly directory: PersonDirectory;
  readonly reader: ProfileReader;
  readonly people: Map<NodeId, PersonId>;
  traits: StoredTrait[];
  release(definitions: readonly ReleasedDefinition[]): void;
  /** Stores events, hands them to the step, writes what it says, as the feed does. */
  feed(
    events: readonly { readonly position: number; readonly event: LoggedEvent }[],
    moves?: readonly NodeMove[],
  ): Promise<void>;
  /** Runs every job once. */
  jobs(): Promise<void>;
}

/** Of the rows of identities; goes on when the same stores are opened again. */
let version = 0;

export function openTestStream(
  fixture: SegmentFixture,
  identifiers: (node: NodeId) => Identifier | undefined,
  /** What judges segments (the stage has it): by default all are found free of anything sensitive. */
  judge: (set: SegmentSet) => Promise<void> = (set) => giveAll(fixture.online, set),
): TestStream {
  const { online, warehouse, clock } = fixture;
  const people = new Map<NodeId, PersonId>();
  const told: SystemEvent[] = [];
  const listeners: (() => void)[] = [];
  let released: readonly ReleasedDefinition[] = [];
  let release = 0;
  const definitions: Definitions = {
    current: (kind) => released.filter((one) => one.kind === kind),
    release: () => release,
    onRelease: (listener) => void listeners.push(listener),
  };
  const nodesOf = (person: PersonId): NodeId[] =>
    [...people].filter(([, owner]) => owner === person).map(([node]) => node);
  const directory: PersonDirectory = {
    nodesOf: async (asked) => asked.map(nodesOf),
    personsOf: async (nodes) => nodes.map((node) => people.get(node) ?? (node as string as PersonId)),
    identifiersOf: async (asked) =>
      asked.map((person) => nodesOf(person).flatMap((node) => identifiers(node) ?? [])),
    find: async () => undefined,
  };
  const stream: TestStream = {
    told,
    people,
    traits: [],
    release(list) {
      released = list;
      release += 1;
      for (const listener of listeners) listener();
    },
    work: undefined as unknown as SegmentWork,
    definitions,
    directory,
    reader: undefined as unknown as ProfileReader,
    async feed(events, moves = []) {
      for (const { event } of events) {
        const node = nodeOf(event);
        if (!people.has(node)) people.set(node, node as string as PersonId);
      }
      await fixture.storeEvents(events);
      await fixture.storeIdentities(people, ++version);
      const batch: ResolvedBatch = {
        events: events.map(({ position, event }) => {
          const node = nodeOf(event);
          return { position, event, node, person: people.get(node) as PersonId };
        }),
        moves,
      };
      const passOn = await turns.take();
      await stream.work.step.add(batch);
      const { rows, online: changes } = await stream.work.step.take();
      for (const { into, lines } of rows) await warehouse.insert(into, lines);
      await online.commit(changes);
      stream.work.step.committed();
      passOn();
    },
    async jobs() {
      await judge(set());
      for (const job of stream.work.jobs) await job.run({ signal: new AbortController().signal });
    },
  };
  const set = releasedSet(definitions);
  const turns = createTurns();
  const reader: ProfileReader = {
    profilesOf: async (asked) => asked.map((person) => profileOf(person, nodesOf(person), stream)),
  };
  const work = createSegmentWork({
    online,
    warehouse,
    clock,
    logger: silentLogger,
    definitions,
    turns,
    directory,
    reader,
    sql: testPeople,
    traits: testTraits,
    emit: async (events) => void told.push(...events),
  });
  const { assign } = work.commands;
  const commands: SegmentWork['commands'] = {
    ...work.commands,
    async assign(assignment) {
      const result = await assign(assignment);
      await judge(set());
      return result;
    },
  };
  return Object.assign(stream, { work: { ...work, commands }, definitions, directory, reader });
}

const profileOf = (person: PersonId, nodes: readonly NodeId[], stream: TestStream): PersonProfile => ({
  person,
  nodes,
  read(name) {
    const last = stream.traits
      .filter((t) => t.trait === name && nodes.includes(t.node))
      .sort((a, b) => a.at_ms - b.at_ms || (JSON.stringify(a.value) < JSON.stringify(b.value) ? -1 : 1))
      .at(-1);
    return (
      last && { value: last.value, at_ms: last.at_ms, until_ms: Number.POSITIVE_INFINITY, source_id: 'x' }
    );
  },
  names: () => [],
  isPending: () => false,
});
