/** The stages that follow a person, in the order of the path, as one step for the feed. */
import type { LogRecord } from '../collect/fate/settle.ts';
import { SESSIONS } from '../profile/contract.ts';
import type { SessionStep } from '../profile/sessions/sessions.step.ts';
import type { NodeMove, PersonDirectory, ResolvedBatch } from '../resolve/contract.ts';
import type { Put } from '../stores/online/port.ts';
import type { FeedRows, FeedStep } from './feed-step.ts';

export interface PeopleSteps {
  /** Counts stored events, in the order of the log. */
  add(records: readonly LogRecord[]): Promise<void>;
  /** What all of them changed: rows first, then states. */
  take(): Promise<{
    readonly rows: readonly FeedRows[];
    readonly put: readonly Put[];
    readonly remove: readonly string[];
  }>;
  committed(): void;
  reset(): void;
}

/** A step that also says who the events belong to. */
export interface ResolvingStep extends Omit<FeedStep<readonly LogRecord[]>, 'add'> {
  add(records: readonly LogRecord[]): Promise<ResolvedBatch>;
}

export function createPeopleSteps(steps: {
  readonly resolve: ResolvingStep;
  readonly directory: PersonDirectory;
  readonly profile: FeedStep<ResolvedBatch>;
  readonly sessions: SessionStep;
  readonly segment: FeedStep<ResolvedBatch>;
}): PeopleSteps {
  const { resolve, directory, profile, sessions, segment } = steps;
  const all = [resolve, profile, sessions, segment] as const;
  return {
    async add(records) {
      const batch = await resolve.add(records.filter(belongsToSomebody));
      await profile.add(batch);
      await sessions.move([...batch.moves, ...(await splitPeople(batch, directory))]);
      await sessions.add(batch.events);
      await segment.add(batch);
    },
    async take() {
      const resolved = await resolve.take();
      const profiles = await profile.take();
      const visits = await sessions.take();
      const segments = await segment.take();
      const online = [resolved.online, profiles.online, visits.online, segments.online];
      return {
        rows: [...resolved.rows, ...profiles.rows, { into: SESSIONS, lines: visits.rows }, ...segments.rows],
        put: online.flatMap((changes) => changes.put ?? []),
        remove: online.flatMap((changes) => changes.remove ?? []),
      };
    },
    committed: () => all.forEach((step) => void step.committed()),
    reset: () => all.forEach((step) => void step.reset()),
  };
}

/** Between a shared device and its twin events changed hands, though neither moved. */
async function splitPeople(
  { resplit = [] }: ResolvedBatch,
  directory: PersonDirectory,
): Promise<Pick<NodeMove, 'from' | 'to'>[]> {
  const people = await directory.personsOf(resplit.flatMap(({ node, twin }) => [node, twin]));
  return people.map((person) => ({ from: person, to: person }));
}

/** Plumbline's own events about events have neither id. */
const belongsToSomebody = ({ event }: LogRecord): boolean =>
  event.user_id !== '' || event.anonymous_id !== '';
