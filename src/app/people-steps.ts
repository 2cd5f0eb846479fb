/** The stages that follow a person, in the order of the path, as one step for the feed. */
import { standingId } from '../collect/contract.ts';
import type { LogRecord } from '../collect/fate/settle.ts';
import type { ResolvedBatch } from '../resolve/contract.ts';
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

/** `followers` in the order of the path: each sees what those before it made of the batch. */
export function createPeopleSteps(
  resolve: ResolvingStep,
  followers: readonly FeedStep<ResolvedBatch>[],
): PeopleSteps {
  const all = [resolve, ...followers];
  return {
    async add(records) {
      const batch = await resolve.add(records.filter(belongsToSomebody));
      for (const step of followers) await step.add(batch);
    },
    async take() {
      const rows: FeedRows[] = [];
      const put: Put[] = [];
      const remove: string[] = [];
      for (const step of all) {
        const taken = await step.take();
        rows.push(...taken.rows);
        for (const each of taken.online.put ?? []) put.push(each);
        for (const each of taken.online.remove ?? []) remove.push(each);
      }
      return { rows, put, remove };
    },
    committed: () => all.forEach((step) => void step.committed()),
    reset: () => all.forEach((step) => void step.reset()),
  };
}

/** Plumbline's own events about events have neither id, and some senders know only placeholders. */
const belongsToSomebody = ({ event }: LogRecord): boolean => standingId(event) !== undefined;
