import type { EmitEvents, SystemEvent } from '../collect/contract.ts';
import { type Clock, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { Job } from '../kernel/job.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Turns } from '../kernel/turns.ts';
import type { NodeId, PersonDirectory } from '../resolve/contract.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import type { SegmentSet } from './compile/segment-set.ts';
import type { SegmentChange } from './contract.ts';
import { type Builder, TRY_AGAIN_MS } from './refresh/build.service.ts';
import type { Every } from './rules/segment-body.ts';
import { OUTBOX_PREFIX } from './stream/changes.ts';
import { parseTimerKey, TIMER_PREFIX, timerKey } from './stream/member-state.ts';
import {
  marksOf,
  PARTED_RUN_PREFIX,
  PARTED_SCAN_PREFIX,
  type PartedMark,
  type Parting,
} from './stream/parted.ts';
import { RESPLIT_PREFIX, rowsOf, type SegmentStates, VERSION_KEY } from './stream/segments.step.ts';
import { USE_KEY, type UseMap, useOfNamed } from './use/given-out.ts';

interface Deps {
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly turns: Turns;
  readonly directory: PersonDirectory;
  readonly emit: EmitEvents;
  readonly builder: Builder;
  readonly states: SegmentStates;
  readonly released: () => SegmentSet;
}

export const segmentJobs = (deps: Deps): readonly Job[] => [
  { name: 'segment.build', every_ms: SECOND_MS, run: ({ signal }) => deps.builder.build(signal) },
  { name: 'segment.time', every_ms: SECOND_MS, run: ({ signal }) => lookWhoIsDue(deps, signal) },
  { name: 'segment.tell', every_ms: SECOND_MS, run: ({ signal }) => tell(deps, signal) },
  { name: 'segment.resplit', every_ms: 2 * SECOND_MS, run: () => rebuildResplit(deps) },
  { name: 'segment.parted', every_ms: 2 * SECOND_MS, run: () => scanParted(deps) },
  { name: 'segment.refresh-due', every_ms: MINUTE_MS, run: () => refreshDue(deps) },
];

const DUE_AT_ONCE = 1_000;

/** Only people whose answer time may have changed: their timers are due. */
async function lookWhoIsDue(deps: Deps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const found = await deps.online.scan<number>(TIMER_PREFIX, { limit: DUE_AT_ONCE });
    const now_ms = deps.clock.now_ms();
    const due = found.map((entry) => parseTimerKey(entry.key)).filter((timer) => timer.due_ms <= now_ms);
    if (due.length === 0) return;
    await lookAgain(
      deps,
      due.map(({ person }) => person as PersonId),
      'time',
      due.map(({ due_ms, person }) => timerKey(due_ms, person)),
    );
  }
}

/** Returns the version of the rows that were written. */
async function lookAgain(
  { online, warehouse, turns, states, builder }: Deps,
  people: readonly PersonId[],
  cause: SegmentChange['cause'],
  timers: readonly string[],
): Promise<number> {
  await builder.load();
  const passOn = await turns.take();
  try {
    const version = await states.nextVersion();
    const outcome = await states.look(new Map(people.map((person) => [person, cause])), version);
    for (const { into, lines } of rowsOf(outcome)) await warehouse.insert(into, lines);
    const put = [...outcome.put, { key: VERSION_KEY, value: version }];
    await online.commit({ put, remove: [...outcome.remove, ...timers] });
    states.keep(outcome);
    return version;
  } finally {
    passOn();
  }
}

const TELL_AT_ONCE = 500;

/**
 * Entered and exited into the log. What was told before a crash and not taken off the list is known there by its id. Of a
 * held segment nothing is told, nor later; what waits for a judgement is told after it.
 */
async function tell({ online, emit, released, builder }: Deps, signal: AbortSignal): Promise<void> {
  let after: string | undefined;
  await builder.load();
  while (!signal.aborted) {
    const page = { limit: TELL_AT_ONCE, ...(after === undefined ? {} : { after }) };
    const found = await online.scan<SystemEvent>(OUTBOX_PREFIX, page);
    if (found.length === 0) return;
    after = found.at(-1)?.key;
    const uses = await online.get<UseMap>(USE_KEY);
    const useOfIts = ({ properties }: SystemEvent) => {
      const name = String(properties['segment']);
      const use = useOfNamed(name, uses, released());
      // A cluster that ended before it was judged never will be.
      return use === 'pending' && builder.built().segments[name] === undefined ? 'held' : use;
    };
    const judged = found.map((entry) => ({ ...entry, use: useOfIts(entry.value) }));
    const told = judged.filter(({ use }) => use === 'given').map((entry) => entry.value);
    if (told.length > 0) await emit(told);
    await online.commit({ remove: judged.filter(({ use }) => use !== 'pending').map(({ key }) => key) });
  }
}

/** Devices that turned out to be shared: histories of both halves come from events again. */
async function rebuildResplit(deps: Deps): Promise<void> {
  const found = await deps.online.scan<number>(RESPLIT_PREFIX, { limit: 200 });
  if (found.length === 0) return;
  const nodes = found.map((entry) => entry.key.slice(RESPLIT_PREFIX.length) as NodeId);
  await deps.builder.rebuildNodes(nodes);
  const people = [...new Set(await deps.directory.personsOf(nodes))];
  const version = await lookAgain(deps, people, 'merge', []);
  const partings = people.map((person): Parting => [person, []]);
  const put = [PARTED_SCAN_PREFIX, PARTED_RUN_PREFIX].flatMap((prefix) => marksOf(prefix, partings, version));
  await deps.online.commit({ put, remove: found.map((entry) => entry.key) });
}

/** Of people who were taken apart, what only scans can say. */
async function scanParted({ online, builder }: Deps): Promise<void> {
  const found = await online.scan<PartedMark>(PARTED_SCAN_PREFIX, { limit: 20 });
  if (found.length === 0) return;
  const done = await builder.scanParted(found.flatMap(({ value }) => value.partings));
  if (done) await online.commit({ remove: found.map(({ key }) => key) });
}

/** Streamed segments are worked out once a day as well: people with too long a history are decided then. */
const EVERY_MS: Readonly<Record<Every, number>> = {
  stream: DAY_MS,
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  manual: Number.POSITIVE_INFINITY,
};

async function refreshDue({ builder, released, clock, logger }: Deps): Promise<void> {
  await builder.load();
  const { segments } = builder.built();
  const due = released()
    .segments.filter(({ name, body }) => {
      const { refreshed_ms = Number.POSITIVE_INFINITY, failed } = segments[name] ?? {};
      if (failed !== undefined && clock.now_ms() - failed.at_ms < TRY_AGAIN_MS) return false;
      return clock.now_ms() - refreshed_ms >= EVERY_MS[body.refresh.every];
    })
    .map(({ name }) => name);
  if (due.length === 0) return;
  logger.info({ segments: due.length, ...(await builder.refresh(due)) }, 'segments refreshed');
}
