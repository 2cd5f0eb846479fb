/** Looks at people again and says what that changes: rows, states, timers, events to tell. Commits nothing. */
import type { PersonId } from '../../kernel/ids.ts';
import type { ProfileReader } from '../../profile/contract.ts';
import type { NodeId, PersonDirectory } from '../../resolve/contract.ts';
import type { Put } from '../../stores/online/port.ts';
import type { SegmentChange } from '../contract.ts';
import { type Change, changeEvent, changeLine, changeOf, memberLine, outboxKey } from './changes.ts';
import { evaluate, type StreamedSegment } from './evaluate.ts';
import { type MemberState, memberKey, NO_MEMBER, timerKey } from './member-state.ts';
import type { NodeHistory } from './node-history.ts';
import type { StateCache } from './state-cache.ts';
import type { Streamed } from './streamed.ts';

/** Why a person is looked at. */
export interface Touch {
  /** Signals that got a mark. */
  readonly signals: Set<string>;
  /** Every segment has to be looked at. */
  whole: boolean;
  /** People whose nodes came here. */
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
}

interface Deps {
  readonly directory: PersonDirectory;
  readonly reader: ProfileReader;
  readonly members: StateCache<MemberState>;
  /** Traits that were read when the person was last looked at, while that is remembered. */
  readonly traitsBefore: (person: PersonId) => string | undefined;
  readonly historiesOf: (nodes: readonly NodeId[]) => Promise<readonly (NodeHistory | undefined)[]>;
}

const AT_ONCE = 500;

export async function decide(
  touches: ReadonlyMap<PersonId, Touch>,
  streamed: Streamed,
  at: { readonly now_ms: number; readonly version: number },
  deps: Deps,
): Promise<Outcome> {
  const outcome: Outcome = { changes: [], members: [], put: [], remove: [], decided: new Map() };
  const told: { readonly change: Change; readonly touch: Touch; readonly inside: ReadonlySet<number> }[] = [];
  const all = [...touches];
  const before_states = new Map<PersonId, MemberState>();
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const some = all.slice(from, from + AT_ONCE);
    const people = some.map(([person]) => person);
    const nodes = await deps.directory.nodesOf(people);
    const histories = await deps.historiesOf(nodes.flat());
    const profiles = await deps.reader.profilesOf(people);
    const states = await deps.members.get(people);
    let nth = 0;
    some.forEach(([person, touch], i) => {
      const own = nodes[i] ?? [];
      const kept = histories.slice(nth, nth + own.length).filter((history) => history !== undefined);
      nth += own.length;
      const before = states[i] ?? NO_MEMBER;
      before_states.set(person, before);
      const profile = own.length === 0 ? undefined : profiles[i];
      const traits = JSON.stringify(
        streamed.traits.map((name) => profile?.read(name, at.now_ms)?.value ?? null),
      );
      const whole = touch.whole || traits !== deps.traitsBefore(person);
      const asked = whole ? streamed.live : affected(touch, streamed);
      if (asked.length === 0) return void remember(outcome, person, before, traits);
      const verdict =
        own.length === 0
          ? { entered: [], exited: inside(before, streamed), until_ms: Number.POSITIVE_INFINITY }
          : evaluate(streamed.set, asked, { histories: kept, profile, before }, at.now_ms);
      const changes = changesOf(person, verdict, before, touch, at.now_ms);
      const state = nextState(before, verdict, changes.length, streamed, at.now_ms);
      remember(outcome, person, state, traits);
      for (const change of changes) {
        outcome.changes.push(changeLine(change));
        outcome.members.push(memberLine(change, at.version));
        told.push({ change, touch, inside: new Set(state.in.map(([id]) => id)) });
      }
      putState(person, before, state, outcome);
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
  await tell(told, before_states, streamed, outcome, deps);
  return outcome;
}

const affected = (touch: Touch, streamed: Streamed): readonly StreamedSegment[] => [
  ...new Set([...touch.signals].flatMap((signal) => streamed.touchedBy(signal))),
];

const inside = (state: MemberState, streamed: Streamed): StreamedSegment[] => {
  const ids = new Set(state.in.map(([id]) => id));
  return streamed.live.filter(({ id }) => ids.has(id));
};

const remember = (outcome: Outcome, person: PersonId, state: MemberState, traits: string): void =>
  void outcome.decided.set(person, { state, traits });

function changesOf(
  person: PersonId,
  verdict: { readonly entered: readonly StreamedSegment[]; readonly exited: readonly StreamedSegment[] },
  before: MemberState,
  touch: Touch,
  now_ms: number,
): Change[] {
  const { cause } = touch;
  const nth = before.changes;
  return [
    ...verdict.entered.map(({ segment }) =>
      changeOf({ segment, person, what: 'entered', cause, now_ms, nth }),
    ),
    ...verdict.exited.map(({ segment }) => changeOf({ segment, person, what: 'exited', cause, now_ms, nth })),
  ];
}

function nextState(
  before: MemberState,
  verdict: ReturnType<typeof evaluate>,
  changes: number,
  streamed: Streamed,
  now_ms: number,
): MemberState {
  const gone = new Set(verdict.exited.map(({ id }) => id));
  const kept = before.in.filter(([id]) => !gone.has(id) && streamed.nameOf(id) !== undefined);
  const entered = verdict.entered.map(({ id }) => [id, now_ms] as const);
  // A timer that comes early costs one look more; moving it with every event would cost two writes each.
  const sooner = before.due_ms === 0 || verdict.until_ms < before.due_ms;
  const due_ms = sooner && Number.isFinite(verdict.until_ms) ? verdict.until_ms : before.due_ms;
  return { changes: before.changes + changes, in: [...kept, ...entered], due_ms };
}

function putState(person: PersonId, before: MemberState, state: MemberState, outcome: Outcome): void {
  if (state.changes === before.changes && state.due_ms === before.due_ms && before !== NO_MEMBER) return;
  if (state.changes === 0 && state.due_ms === 0) return;
  outcome.put.push({ key: memberKey(person), value: state });
  if (state.due_ms === before.due_ms) return;
  if (before.due_ms !== 0) outcome.remove.push(timerKey(before.due_ms, person));
  if (state.due_ms !== 0) outcome.put.push({ key: timerKey(state.due_ms, person), value: 1 });
}

/** Causes that nobody did anything for: a team's decision, or the first time of all. */
const SILENT: ReadonlySet<SegmentChange['cause']> = new Set(['first', 'release']);

/**
 * Writes the events to tell into the outbox. When people are joined, nothing is told of a segment that one of them was in
 * and the other now is: the human being neither entered nor exited.
 */
async function tell(
  told: readonly { readonly change: Change; readonly touch: Touch }[],
  before: ReadonlyMap<PersonId, MemberState>,
  streamed: Streamed,
  outcome: Outcome,
  deps: Deps,
): Promise<void> {
  const wasIn = (person: PersonId, segment: string): boolean =>
    before.get(person)?.in.some(([id]) => streamed.nameOf(id) === segment) === true;
  const wanted = told.filter(({ change, touch }) => {
    if (SILENT.has(change.cause)) return false;
    if (change.what === 'entered') return ![...touch.from].some((person) => wasIn(person, change.segment));
    return touch.cause !== 'merge' || touch.from.size > 0 || !isTakenOver(change, told);
  });
  const people = [...new Set(wanted.map(({ change }) => change.person))];
  const identifiers = new Map(
    (await deps.directory.identifiersOf(people)).map((list, i) => [people[i], list]),
  );
  for (const { change } of wanted) {
    const event = changeEvent(change, identifiers.get(change.person) ?? []);
    if (event !== undefined) outcome.put.push({ key: outboxKey(change.change_id), value: event });
  }
}

/** Somebody who took over nodes of the person enters the same segment. */
const isTakenOver = (
  { person, segment }: Change,
  told: readonly { readonly change: Change; readonly touch: Touch }[],
): boolean =>
  told.some(
    ({ change, touch }) => change.segment === segment && change.what === 'entered' && touch.from.has(person),
  );
