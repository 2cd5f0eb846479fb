import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { Actor } from '../kernel/operation.ts';
import type { ControlDb, ControlTransaction } from '../stores/control/port.ts';
import type { AuditService } from './audit.service.ts';
import { canonicalJson } from './canonical-json.ts';
import {
  type GovernedKind,
  keyOf,
  type Problem,
  problems,
  type WantedDefinition,
} from './definition-plan.ts';
import {
  currentRelease,
  everReleased,
  type ItemRow,
  insertVersion,
  itemsOf,
  newestVersion,
  newestVersions,
  type Review,
  updateReview,
  type VersionRow,
  versionsOf,
} from './definitions.sql.ts';
import { approverRefusal } from './reviews.service.ts';
import type { TokenService } from './tokens.service.ts';

export type Status = 'draft' | 'in_review' | 'released' | 'retired';

/** `review.state` is of this version only: an edit makes a new version, which nobody has approved yet. */
export interface DefinitionVersion {
  readonly version: number;
  readonly body: unknown;
  readonly author: string;
  readonly created_at: string;
  readonly status: Status;
  readonly review: { readonly state: Review; readonly by: string | null; readonly at: string | null };
}

export interface DefinitionSummary extends Omit<DefinitionVersion, 'body'> {
  readonly kind: string;
  readonly name: string;
  /** Version that production runs; null when none. */
  readonly released_version: number | null;
}

export interface DefinitionDetail extends DefinitionSummary {
  readonly body: unknown;
  /** Newest first. */
  readonly versions: readonly DefinitionVersion[];
}

export interface DraftService {
  list(kind?: string): Promise<DefinitionSummary[]>;
  get(kind: string, name: string): Promise<DefinitionDetail>;
  /** Saves a new version, or gives back the newest when it says the same. Nothing in production changes. */
  put(actor: Actor, wanted: WantedDefinition): Promise<DefinitionDetail>;
  /** Asks for a review, or decides one. Only a signed-in person who is not the author may decide. */
  review(actor: Actor, review: ReviewRequest): Promise<DefinitionDetail>;
}

export interface ReviewRequest {
  readonly kind: string;
  readonly name: string;
  readonly version: number;
  readonly decision: 'request' | 'approve' | 'reject';
}

interface Deps {
  readonly control: ControlDb;
  readonly clock: Clock;
  readonly audit: AuditService;
  readonly tokens: Pick<TokenService, 'responsible'>;
  readonly kinds: () => readonly GovernedKind[];
}

export function createDrafts({ control, clock, audit, tokens, kinds }: Deps): DraftService {
  const now = () => new Date(clock.now_ms()).toISOString();

  const marks = async () => {
    const release = (await control.one<{ id: number }>(currentRelease()))?.id ?? 0;
    const current = await control.all<ItemRow>(itemsOf(release));
    const ever = await control.all<ItemRow>(everReleased());
    return {
      current: new Map(current.map((d) => [keyOf(d), d.version])),
      ever: new Set(ever.map(versionKey)),
    };
  };

  const get: DraftService['get'] = async (kind, name) => {
    const rows = await control.all<VersionRow>(versionsOf(kind, name));
    const [newest] = rows;
    if (newest === undefined) throw unknownDefinition(kind, name);
    const known = await marks();
    const versions = rows.map((row) => shownVersion(row, known));
    return { ...summary(newest, known), body: JSON.parse(newest.body), versions };
  };

  const put: DraftService['put'] = async (actor, wanted) => {
    refuseProblems(problems(wanted, kinds()));
    const author_id = await tokens.responsible(actor);
    await control.transaction(async (tx) => {
      const before = await tx.one<VersionRow>(newestVersion(wanted.kind, wanted.name));
      if (before === undefined && wanted.body === null) throw unknownDefinition(wanted.kind, wanted.name);
      const row = await saveVersion(tx, wanted, { author_id, author_name: actor.name, now: now() });
      if (row.version === before?.version) return;
      const object = `definitions/${keyOf(wanted)}`;
      await audit.recordIn(tx, {
        actor,
        action: 'definitions.put',
        object,
        details: { version: row.version },
      });
    });
    return get(wanted.kind, wanted.name);
  };

  const review: DraftService['review'] = async (actor, { kind, name, version, decision }) => {
    const reviewer_id = await tokens.responsible(actor);
    await control.transaction(async (tx) => {
      const row = await tx.one<VersionRow>(newestVersion(kind, name));
      if (row === undefined) throw unknownDefinition(kind, name);
      refuseReview(row, { actor, reviewer_id, version, decision });
      const state = ({ request: 'requested', approve: 'approved', reject: 'rejected' } as const)[decision];
      const by = decision === 'request' ? null : reviewer_id;
      const reviewer_name = by === null ? null : actor.name;
      await tx.run(
        updateReview({ ...row, review: state, reviewer_id: by, reviewer_name, reviewed_at: now() }),
      );
      const object = `definitions/${kind}/${name}`;
      await audit.recordIn(tx, { actor, action: `definitions.${decision}`, object, details: { version } });
    });
    return get(kind, name);
  };

  const list: DraftService['list'] = async (kind) => {
    const rows = await control.all<VersionRow>(newestVersions());
    const known = await marks();
    return rows.filter((row) => kind === undefined || row.kind === kind).map((row) => summary(row, known));
  };

  return { list, get, put, review };
}

/** The newest version where it has this body, else a new one. */
export async function saveVersion(
  tx: ControlTransaction,
  { kind, name, body }: WantedDefinition,
  by: { author_id: string; author_name: string; now: string },
): Promise<VersionRow> {
  const newest = await tx.one<VersionRow>(newestVersion(kind, name));
  if (newest !== undefined && canonicalJson(JSON.parse(newest.body)) === canonicalJson(body)) return newest;
  const row: VersionRow = {
    kind,
    name,
    version: (newest?.version ?? 0) + 1,
    body: JSON.stringify(body),
    author_id: by.author_id,
    author_name: by.author_name,
    created_at: by.now,
    review: 'none',
    reviewer_id: null,
    reviewer_name: null,
    reviewed_at: null,
  };
  await tx.run(insertVersion(row));
  return row;
}

export function refuseProblems(found: readonly Problem[]): void {
  if (found.length === 0) return;
  const issues = found.map((p) => ({ field: `${keyOf(p)}: ${p.field}`, message: p.message }));
  const message = `${found.length} problem${found.length === 1 ? '' : 's'} in the definitions.`;
  throw new AppError('invalid_input', { message, issues });
}

interface Decision {
  readonly actor: Actor;
  readonly reviewer_id: string;
  readonly version: number;
  readonly decision: ReviewRequest['decision'];
}

function refuseReview(row: VersionRow, { actor, reviewer_id, version, decision }: Decision): void {
  if (row.version !== version) {
    const message = `Version ${version} is not the newest any more: version ${row.version} is. Review that one.`;
    throw new AppError('conflict', { message, field: 'version' });
  }
  if (decision === 'request') return;
  if (row.review !== 'requested') {
    throw new AppError('not_ready', { message: 'No review was asked for this version.', field: 'decision' });
  }
  const refusal = approverRefusal(actor, reviewer_id, row.author_id);
  if (refusal !== undefined) throw new AppError('forbidden', refusal);
}

interface Marks {
  readonly current: ReadonlyMap<string, number>;
  readonly ever: ReadonlySet<string>;
}

function statusOf(row: VersionRow, { current, ever }: Marks): Status {
  if (current.get(keyOf(row)) === row.version) return 'released';
  const removed = row.body === 'null' && !current.has(keyOf(row));
  if (removed || ever.has(versionKey(row))) return 'retired';
  return row.review === 'requested' || row.review === 'approved' ? 'in_review' : 'draft';
}

const shownVersion = (row: VersionRow, known: Marks): DefinitionVersion => ({
  version: row.version,
  body: JSON.parse(row.body),
  author: row.author_name,
  created_at: row.created_at,
  status: statusOf(row, known),
  review: { state: row.review, by: row.reviewer_name, at: row.reviewed_at },
});

function summary(row: VersionRow, known: Marks): DefinitionSummary {
  const { body: _, ...version } = shownVersion(row, known);
  return {
    kind: row.kind,
    name: row.name,
    ...version,
    released_version: known.current.get(keyOf(row)) ?? null,
  };
}

const versionKey = (d: { kind: string; name: string; version: number }): string => `${keyOf(d)}@${d.version}`;

const unknownDefinition = (kind: string, name: string) =>
  new AppError('not_found', { message: `There is no definition ${kind}/${name}.`, field: 'name' });
