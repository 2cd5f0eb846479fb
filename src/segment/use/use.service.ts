/**
 * Holds segments that use or give away what is sensitive until somebody approves that they are used. Deny by default: what
 * was not judged is not given out.
 */
import { type Allow, type Audit, type Reviews, ROLES } from '../../govern/contract.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Access, Actor } from '../../kernel/operation.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import { isDiscovered, segmentationOf } from '../rules/segment-kind.ts';
import type { SensitivityJudge } from '../validate/sensitivity.service.ts';
import { type Decision, decideUse } from './decide-use.ts';
import { USE_KEY, type UseMap } from './given-out.ts';
import { createWriting, judgeDue } from './judge-due.service.ts';
import type { AskedSubject, Subjects } from './subjects.service.ts';
import type { SegmentUse, SegmentUseDetail } from './use-output.ts';
import type { UseStore } from './use-store.service.ts';

export interface SegmentUses {
  /** What is due: new and changed segments at once, the others once a day, because memberships drift. */
  judge(signal: AbortSignal): Promise<void>;
  /** Given out no more until they are judged anew; call what comes back once their members are written. */
  withhold(segments: readonly string[]): Promise<() => void>;
  list(): Promise<SegmentUse[]>;
  show(segment: string, actor: Actor): Promise<SegmentUseDetail>;
  approve(segment: string, approval: ApprovalInput, actor: Actor): Promise<void>;
  withdraw(segment: string, reason: string, actor: Actor): Promise<void>;
  /** Refuses with `not_ready` unless the segment is given out. */
  mustBeGivenOut(segment: string): Promise<void>;
}

export interface ApprovalInput {
  readonly reason: string;
  /** Of the judgement that the approver saw. */
  readonly judged_at?: string | undefined;
}

interface Deps {
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: UseStore;
  readonly subjects: Subjects;
  readonly judge: SensitivityJudge;
  readonly sensitiveFields: () => readonly string[];
  readonly reviews: Reviews;
  readonly allow: Allow;
  readonly audit: Audit;
}

export const USE: Access = { action: 'write', object: 'segment-use' };
const SYSTEM: Actor = { id: 'system', name: 'Plumbline', kind: 'system', roles: ['admin'] };

export function createSegmentUses(deps: Deps): SegmentUses {
  const { clock, store, subjects } = deps;
  const now = () => new Date(clock.now_ms()).toISOString();
  const writing = createWriting();
  const publish = createPublisher(deps, writing.isGoingOn);

  const decided = async (subject: AskedSubject) => {
    const judgement = (await store.judgements()).get(subject.segment);
    const approvals = (await store.standing()).get(subject.segment) ?? [];
    return { judgement, ...decideUse(subject, judgement, approvals) };
  };
  const find = async (segment: string): Promise<AskedSubject> => {
    const subject = (await subjects()).find((one) => one.segment === segment);
    if (subject !== undefined) return subject;
    throw new AppError('not_found', { message: `There is no segment \`${segment}\`.`, field: 'name' });
  };

  return {
    async judge(signal) {
      await publish(await judgeDue(deps, writing, signal));
    },
    async withhold(segments) {
      const written = writing.begin(segments);
      await store.forget(segments);
      await publish(await subjects());
      return written;
    },
    async list() {
      return Promise.all((await subjects()).map(async (one) => shown(one, await decided(one))));
    },
    async show(segment, actor) {
      const subject = await find(segment);
      const { judgement, ...decision } = await decided(subject);
      const author = await authorOf(subject, deps.reviews);
      const why_not = refusalOf(actor, author.id, deps);
      const open = new Set(decision.open);
      return {
        ...shown(subject, decision),
        findings: (judgement?.findings ?? []).map((one) => ({ ...one, covered: !open.has(one) })),
        checked: [...(judgement?.checked.traits ?? [])],
        unchecked: [...(judgement?.unchecked ?? [])],
        judged_at: judgement?.judged_at ?? null,
        definition: { ...subject.definition, author: author.name },
        may_approve: decision.state === 'held' && why_not === null,
        why_not,
        who_can_approve: whoCan(author.name, subject, deps.allow),
        approvals: (await store.approvals(segment)).map(
          ({ approver_id: _, basis, findings, segment: __, ...one }) => ({
            ...one,
            fields: [...new Set(findings.map(({ field }) => field))],
            covers: one.withdrawn_at === null && basis === subject.basis,
          }),
        ),
      };
    },
    async approve(segment, { reason, judged_at }, actor) {
      const subject = await find(segment);
      const author = await authorOf(subject, deps.reviews);
      const why_not = refusalOf(actor, author.id, deps);
      if (why_not !== null) {
        const who = whoCan(author.name, subject, deps.allow);
        throw new AppError('forbidden', { message: `${why_not} ${who}`, rule: 'approval' });
      }
      const { judgement, state } = await decided(subject);
      if (judgement === undefined || state !== 'held') {
        const message = `\`${segment}\` is ${state}, not held: there is nothing to approve.`;
        throw new AppError('not_ready', { message, field: 'name' });
      }
      if (judged_at !== undefined && judged_at !== judgement.judged_at) {
        const message = `\`${segment}\` was judged again at ${judgement.judged_at}. Look at what was found, then approve that.`;
        throw new AppError('conflict', { message, field: 'judged_at' });
      }
      await store.approve({
        segment,
        definition_version: subject.definition.version,
        basis: subject.basis,
        findings: judgement.findings,
        reason,
        approved_at: now(),
        approver_id: actor.id,
        approver_name: actor.name,
      });
      await publish(await subjects());
    },
    async withdraw(segment, reason, actor) {
      const subject = await find(segment);
      if ((await store.standing()).get(segment) === undefined) {
        const message = `No approval stands for \`${segment}\`. What its release approved ends with another release.`;
        throw new AppError('not_ready', { message, field: 'name' });
      }
      await store.withdraw(segment, { at: now(), by_id: actor.id, by_name: actor.name, reason });
      await publish(await subjects());
      deps.logger.info({ segment: subject.segment }, 'the approval of the use of a segment was withdrawn');
    },
    async mustBeGivenOut(segment) {
      const subject = await find(segment);
      const decision = await decided(subject);
      if (decision.state === 'pending') {
        throw new AppError('not_ready', {
          message: `\`${segment}\` is not given out before it was worked out and judged: try again in some seconds.`,
          rule: 'approval',
          retry_after_s: 5,
        });
      }
      if (decision.state !== 'held') return;
      const author = await authorOf(subject, deps.reviews);
      const message = `\`${segment}\` is held: it ${whyOf(decision)} ${whoCan(author.name, subject, deps.allow)}`;
      throw new AppError('not_ready', { message, rule: 'approval' });
    },
  };
}

const shown = ({ segment, work }: AskedSubject, { state, open }: Decision): SegmentUse => ({
  segment,
  state,
  reasons:
    state === 'pending'
      ? [
          work === undefined
            ? 'Not given out before it was worked out for everybody.'
            : 'Not given out before it was judged, which takes some seconds.',
        ]
      : open.map(({ reason }) => reason),
});

const whyOf = ({ open }: Decision): string => open.map(({ reason }) => reason).join(' It ');

async function authorOf({ definition }: AskedSubject, reviews: Reviews) {
  const { kind, name, version } = definition;
  const found = await reviews.versionOf(kind, name, version);
  return { id: found?.author_id ?? '', name: found?.author_name ?? 'nobody' };
}

function refusalOf(actor: Actor, author_id: string, { allow, reviews }: Deps): string | null {
  const access = allow(actor, USE);
  return access.allowed ? (reviews.refusal(actor, author_id) ?? null) : access.reason;
}

/** In the words of somebody who has to find them. */
function whoCan(author: string, { definition }: AskedSubject, allow: Allow): string {
  const role = ROLES.findLast((one) => allow({ ...SYSTEM, roles: [one] }, USE).allowed) ?? 'admin';
  return `Somebody signed in with the role ${role} can approve its use, other than ${author}, who wrote version ${definition.version} of ${definition.kind}/${definition.name}.`;
}

/** What was said last of clusters that ended stays, as long as their segmentation has others: that people left is told. */
function endedClusters(last: UseMap, subjects: readonly AskedSubject[]): [string, UseMap[string]][] {
  const there = new Set(subjects.map(({ segment }) => segment));
  const segmentations = new Set([...there].filter(isDiscovered).map(segmentationOf));
  return Object.entries(last).filter(
    ([name]) => isDiscovered(name) && !there.has(name) && segmentations.has(segmentationOf(name)),
  );
}

/** Writes who may be given out where readers look, one at a time, and notes in the audit log what is held from now on. */
function createPublisher(
  { online, logger, audit, store }: Deps,
  isWithheld: (segment: string) => boolean,
): (subjects: readonly AskedSubject[]) => Promise<void> {
  let last: UseMap | undefined;
  let busy: Promise<void> = Promise.resolve();

  const write = async (subjects: readonly AskedSubject[]): Promise<void> => {
    last ??= (await online.get<UseMap>(USE_KEY)) ?? {};
    const judged = await store.judgements();
    const approved = await store.standing();
    const next: Record<string, UseMap[string]> = {};
    const held: AskedSubject[] = [];
    for (const [segment, use] of endedClusters(last, subjects)) next[segment] = use;
    for (const subject of subjects) {
      const { segment, basis } = subject;
      if (isWithheld(segment)) continue;
      const decision = decideUse(subject, judged.get(segment), approved.get(segment) ?? []);
      if (decision.state === 'pending') continue;
      next[segment] = { basis, is: decision.state === 'held' ? 'held' : 'given' };
      if (decision.state === 'held' && last[segment]?.is !== 'held') held.push(subject);
    }
    if (JSON.stringify(next) === JSON.stringify(last)) return;
    await online.commit({ put: [{ key: USE_KEY, value: next }] });
    last = next;
    for (const { segment } of held) {
      const findings = judged.get(segment)?.findings ?? [];
      const details = { name: segment, fields: findings.map(({ kind, field }) => `${kind} ${field}`) };
      await audit.record({ actor: SYSTEM, action: 'segments.hold', object: 'segment-use', details });
      logger.warn({ segment, fields: findings.length }, 'a segment is held until its use is approved');
    }
  };
  return (subjects) => {
    const next = busy.then(() => write(subjects));
    busy = next.catch(() => {});
    return next;
  };
}
