/** Looks at people again and says what that changes: rows, states, timers, events to tell. Commits nothing. */
import type { PersonId } from '../../kernel/ids.ts';
import type { PersonProfile, ProfileReader } from '../../profile/contract.ts';
import type { NodeId, PersonDirectory } from '../../resolve/contract.ts';
import type { Put } from '../../stores/online/port.ts';
import type { SegmentChange } from '../contract.ts';
import { leftBehind, takenOver } from './carry.ts';
import {
  type Change,
  changeEvent,
  changeLine,
  changeOf,
  memberLine,
  type NamedSegment,
  outboxKey,
} from './changes.ts';
import { evaluate, type StreamedSegment } from './evaluate.ts';
import { type MemberState, memberKey, NO_MEMBER, timerKey } from './member-state.ts';
import type { NodeHistory } from './node-history.ts';
import { type Parting, partingsOf } from './parted.ts';
import type { StateCache } from './state-cache.ts';
import type { Streamed } from './streamed.ts';
import { toTell } from './to-tell.ts';

/** Why a person is looked at. */
export interface Touch {
  /** Signals that got a mark. */
  readonly signals: Set<string>;
  /** Every segment has to be looked at. */
  whole: boolean;
  /** People whose nodes came here, through others as well. */
  readonly from: Set<PersonId>;
  cause: SegmentChange['cause'];
}

export const newTouch = (cause: SegmentChange['cause'], whole = false): Touch => ({
  signals: new Set(),
  whole,
  from: new Set(),
  cause,
});

/** A person's state with the traits that its answers rest on, as JSON. */
export interface Decided {
  readonly state: MemberState;
  readonly traits: string;
}

export interface Outcome {
  readonly changes: string[];
  readonly members: string[];
  readonly put: Put[];
  readonly remove: string[];
  /** To be kept in memory once it is committed. */
  readonly decided: Map<PersonId, Decided>;
  readonly partings: readonly Parting[];
}

interface Deps {
  readonly directory: PersonDirectory;
  readonly reader: ProfileReader;
  readonly members: StateCache<MemberState>;
  /** Traits that were read when the person was last looked at, while that is remembered. */
  readonly traitsBefore: (person: PersonId) => string | undefined;
  readonly historiesOf: (nodes: readonly NodeId[]) => Promise<readonly (NodeHistory | undefined)[]>;
}

/** People who are looked at before the event loop gets a turn. */
const AT_ONCE = 500;

interface Moment {
  readonly now_ms: number;
  /** Of the rows. */
  readonly version: number;
}

/** A person as loaded, before the look. */
interface Loaded {
  readonly person: PersonId;
  readonly touch: Touch;
  readonly before: MemberState;
  /** Undefined when all nodes of the person went elsewhere. */
  readonly profile: PersonProfile | undefined;
  readonly histories: readonly NodeHistory[];
  /** States of those whose nodes all went elsewhere, some of them here. */
  readonly gone: readonly MemberState[];
}

/** What changes for one person. */
interface Moves {
  readonly entered: readonly Moved[];
  readonly exited: readonly Moved[];
}

interface Moved {
  readonly id: number;
  readonly segment: NamedSegment;
  readonly building?: StreamedSegment['building'];
}

export async function decide(
  touches: ReadonlyMap<PersonId, Touch>,
  streamed: Streamed,
  moment: Moment,
  deps: Deps,
): Promise<Outcome> {
  const outcome: Outcome = {
    changes: [],
    members: [],
    put: [],
    remove: [],
    decided: new Map(),
    partings: [],
  };
  const before = new Map<PersonId, MemberState>();
  const there = new Set<PersonId>();
  const changes: Change[] = [];
  // A commit that is cut off must lose nothing: what is told comes before the states that would not tell it again, and who
  // gives a membership up after who takes it.
  const [outbox, last]: [Put[], Put[]] = [[], []];
  const all = [...touches];
  for (let from = 0; from < all.length; from += AT_ONCE) {
    for (const loaded of await load(all.slice(from, from + AT_ONCE), deps)) {
      before.set(loaded.person, loaded.before);
      const put = loaded.profile === undefined ? last : outcome.put;
      if (loaded.profile !== undefined) there.add(loaded.person);
      changes.push(...look(loaded, streamed, moment, { ...outcome, put }, deps.traitsBefore(loaded.person)));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  const isIn = (state: MemberState | undefined, segment: string): boolean =>
    state?.in.some(([id]) => streamed.nameOf(id) === segment) === true;
  const told = toTell(changes, touches, {
    was_in: (person, segment) => isIn(before.get(person), segment),
    is_in: (person, segment) => isIn(outcome.decided.get(person)?.state, segment),
    is_there: (person) => there.has(person),
  });
  const people = [...new Set(told.map(({ teller }) => teller))];
  const identifiers = new Map(
    (await deps.directory.identifiersOf(people)).map((list, i) => [people[i], list]),
  );
  for (const { change, teller } of told) {
    const event = changeEvent(change, identifiers.get(teller) ?? []);
    if (event !== undefined) outbox.push({ key: outboxKey(change.change_id), value: event });
  }
  const partings = partingsOf(touches, (person) => there.has(person));
  return { ...outcome, put: [...outbox, ...outcome.put, ...last], partings };
}

async function load(some: readonly (readonly [PersonId, Touch])[], deps: Deps): Promise<Loaded[]> {
  const people = some.map(([person]) => person);
  const nodes = await deps.directory.nodesOf(people);
  const histories = await deps.historiesOf(nodes.flat());
  const profiles = await deps.reader.profilesOf(people);
  const states = await deps.members.get(people);
  const gone = await goneAmong(new Set(some.flatMap(([, { from }]) => [...from])), deps);
  let nth = 0;
  return some.map(([person, touch], i) => {
    const count = nodes[i]?.length ?? 0;
    const own = histories.slice(nth, nth + count).filter((history) => history !== undefined);
    nth += count;
    const profile = count === 0 ? undefined : profiles[i];
    return {
      person,
      touch,
      before: states[i] ?? NO_MEMBER,
      profile,
      histories: own,
      gone: [...touch.from].flatMap((giver) => gone.get(giver) ?? []),
    };
  });
}

/** Of those who gave nodes away, who has none left, with the state before. */
async function goneAmong(
  givers: ReadonlySet<PersonId>,
  { directory, members }: Deps,
): Promise<ReadonlyMap<PersonId, MemberState>> {
  if (givers.size === 0) return new Map();
  const asked = [...givers];
  const nodes = await directory.nodesOf(asked);
  const gone = asked.filter((_, i) => nodes[i]?.length === 0);
  const states = await members.get(gone);
  return new Map(gone.map((person, i) => [person, states[i] ?? NO_MEMBER]));
}

/** Writes what changes into the outcome, and returns the changes. */
function look(
  { person, touch, before, profile, histories, gone }: Loaded,
  streamed: Streamed,
  { now_ms, version }: Moment,
  outcome: Outcome,
  traits_before: string | undefined,
): readonly Change[] {
  const traits = JSON.stringify(streamed.traits.map((name) => profile?.read(name, now_ms)?.value ?? null));
  const asked = touch.whole || traits !== traits_before ? streamed.live : affected(touch, streamed);
  const { carried, nameOf } = streamed;
  const taken = profile === undefined ? [] : takenOver(before, gone, carried);
  const isMember = (segment: string): boolean =>
    before.in.some(([id]) => nameOf(id) === segment) || taken.some((one) => one.segment.name === segment);
  const verdict =
    profile === undefined
      ? { entered: [], exited: inside(before, streamed), until_ms: Number.POSITIVE_INFINITY }
      : evaluate(streamed.set, asked, { histories, profile, before, isMember }, now_ms);
  const moves: Moves = {
    entered: [...verdict.entered.map(named), ...taken],
    exited: [...verdict.exited.map(named), ...(profile === undefined ? leftBehind(before, carried) : [])],
  };
  const changes = changesOf(person, moves, before, touch, now_ms);
  const state = nextState(before, { ...moves, until_ms: verdict.until_ms }, streamed, now_ms);
  outcome.decided.set(person, { state, traits });
  outcome.changes.push(...changes.map(changeLine));
  outcome.members.push(...changes.map((change) => memberLine(change, version)));
  putState(person, before, state, outcome, now_ms);
  return changes;
}

const affected = (touch: Touch, streamed: Streamed): readonly StreamedSegment[] => [
  ...new Set([...touch.signals].flatMap((signal) => streamed.touchedBy(signal))),
];

const inside = (state: MemberState, streamed: Streamed): StreamedSegment[] => {
  const ids = new Set(state.in.map(([id]) => id));
  return streamed.live.filter(({ id }) => ids.has(id));
};

const named = ({ id, segment, building }: StreamedSegment): Moved => ({
  id,
  segment: { name: segment.name, version: segment.version, label: segment.body.label },
  building,
});

function changesOf(
  person: PersonId,
  { entered, exited }: Moves,
  before: MemberState,
  touch: Touch,
  now_ms: number,
): Change[] {
  const { cause } = touch;
  const nth = before.changes;
  const change = (what: SegmentChange['what']) => (one: Moved) =>
    changeOf({ segment: one.segment, person, what, cause: one.building ?? cause, now_ms, nth });
  return [...entered.map(change('entered')), ...exited.map(change('exited'))];
}

function nextState(
  before: MemberState,
  { until_ms, ...moves }: Moves & { readonly until_ms: number },
  streamed: Streamed,
  now_ms: number,
): MemberState {
  const gone = new Set(moves.exited.map(({ id }) => id));
  const kept = before.in.filter(([id]) => !gone.has(id) && streamed.nameOf(id) !== undefined);
  const entered = moves.entered.map(({ id }) => [id, now_ms] as const);
  // A timer that comes early costs one look more; moving it with every event would cost two writes each.
  // One that is due is spent: the job that takes it looks at everything anyway.
  const sooner = before.due_ms <= now_ms || until_ms < before.due_ms;
  const due_ms = sooner && Number.isFinite(until_ms) ? until_ms : before.due_ms;
  const changes = before.changes + moves.entered.length + moves.exited.length;
  return { changes, in: [...kept, ...entered], due_ms };
}

function putState(
  person: PersonId,
  before: MemberState,
  state: MemberState,
  outcome: Outcome,
  now_ms: number,
): void {
  if (state.changes === before.changes && state.due_ms === before.due_ms) return;
  outcome.put.push({ key: memberKey(person), value: state });
  if (state.due_ms === before.due_ms) return;
  if (before.due_ms > now_ms) outcome.remove.push(timerKey(before.due_ms, person));
  if (state.due_ms !== 0) outcome.put.push({ key: timerKey(state.due_ms, person), value: 1 });
}
