import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { Actor } from '../kernel/operation.ts';
import type { ControlDb, ControlTransaction } from '../stores/control/port.ts';
import type { AuditService } from './audit.service.ts';
import { canonicalJson } from './canonical-json.ts';
import type { ReleasedDefinition } from './contract.ts';
import {
  type Change,
  type GovernedKind,
  keyOf,
  type Plan,
  planChanges,
  type WantedDefinition,
} from './definition-plan.ts';
import {
  currentRelease,
  type ItemRow,
  insertItem,
  insertRelease,
  itemsOf,
  newestVersion,
  type ReleaseRow,
  releaseById,
  releasesNewestFirst,
  type VersionRow,
} from './definitions.sql.ts';
import { refuseProblems, saveVersion } from './drafts.service.ts';
import { parsed, type ReleasedSet } from './released-set.service.ts';
import type { TokenService } from './tokens.service.ts';

/** What a release changed against the one before it. */
export interface ReleaseChange {
  readonly kind: string;
  readonly name: string;
  readonly change: Exclude<Change['change'], 'none'>;
  readonly from_version?: number;
  readonly to_version?: number;
}

export interface Release {
  readonly id: number;
  readonly created_at: string;
  readonly author: string;
  readonly message: string;
  readonly changes: readonly ReleaseChange[];
  /** On a rollback: the release that was current, and the release whose set this one repeats. */
  readonly rolled_back_from?: number;
  readonly rolled_back_to?: number;
}

export interface Wanted {
  readonly definitions: readonly WantedDefinition[];
  readonly prune?: boolean | undefined;
}

export interface ReleaseService {
  /** What `apply` would do. Changes nothing. `release` is the release it was compared with. */
  plan(wanted: Wanted): Promise<Plan & { readonly release: number }>;
  /**
   * Makes a release of the current set with these changes; gives back the current release when nothing changes.
   * Refuses with `invalid_input` (unsound), `not_ready` (not approved) or `conflict` (not on top of `expected`).
   */
  apply(
    actor: Actor,
    request: Wanted & { readonly message: string; readonly expected?: number | undefined },
  ): Promise<{ release: Release; changes: readonly Change[] }>;
  list(limit: number): Promise<{ current: number; releases: Release[] }>;
  get(id: number): Promise<Release & { readonly definitions: readonly ReleasedDefinition[] }>;
  /** A new release with the whole set of an earlier one. */
  rollback(actor: Actor, id: number, message?: string): Promise<Release>;
}

interface Deps {
  readonly control: ControlDb;
  readonly clock: Clock;
  readonly audit: AuditService;
  readonly tokens: Pick<TokenService, 'responsible'>;
  readonly kinds: () => readonly GovernedKind[];
  readonly released: ReleasedSet;
  /** Every change needs an approval, whatever its kind's risk. */
  readonly require_approval: boolean;
}

export function createReleases(deps: Deps): ReleaseService {
  const { control, clock, audit, tokens, kinds, released } = deps;
  const now = () => new Date(clock.now_ms()).toISOString();

  const currentSet = async (db: Pick<ControlTransaction, 'one' | 'all'>) => {
    const id = (await db.one<{ id: number }>(currentRelease()))?.id ?? 0;
    return { id, items: await db.all<ItemRow>(itemsOf(id)) };
  };

  const planAgainst = (items: readonly ItemRow[], { definitions, prune }: Wanted): Plan =>
    planChanges({ current: items.map(parsed), wanted: definitions, kinds: kinds(), prune: prune ?? false });

  const needsApproval = (kind: string, body: unknown): boolean => {
    const governed = kinds().find((k) => k.kind === kind);
    return deps.require_approval || (governed?.riskOf?.(body) ?? governed?.risk) === 'high';
  };

  const write = async (tx: ControlTransaction, actor: Actor, set: NewSet): Promise<Release> => {
    const changes = changesBetween(set.before.items, set.items);
    const row: ReleaseRow = {
      id: set.before.id + 1,
      created_at: now(),
      author_id: set.author_id,
      author_name: actor.name,
      message: set.message,
      changes: JSON.stringify(changes),
      rolled_back_from: set.rolled_back_to === undefined ? null : set.before.id,
      rolled_back_to: set.rolled_back_to ?? null,
    };
    await tx.run(insertRelease(row));
    for (const item of set.items) await tx.run(insertItem(row.id, item));
    const action = set.rolled_back_to === undefined ? 'releases.apply' : 'releases.rollback';
    const details = { changes, rolled_back_to: set.rolled_back_to };
    await audit.recordIn(tx, { actor, action, object: `releases/${row.id}`, details });
    return shown(row);
  };

  const apply: ReleaseService['apply'] = async (actor, { message, expected, ...wanted }) => {
    // Before the transaction: a read outside it would wait for it.
    const author_id = await tokens.responsible(actor);
    const done = await control.transaction(async (tx) => {
      const before = await currentSet(tx);
      if (expected !== undefined && expected !== before.id) throw releasedMeanwhile(expected, before.id);
      const { changes, problems } = planAgainst(before.items, wanted);
      refuseProblems(problems);
      const real = changes.filter((c) => c.change !== 'none');
      if (real.length === 0) return { release: await unchanged(tx, before.id), changes };
      const bodies = new Map(wanted.definitions.map((d) => [keyOf(d), d.body]));
      const items = new Map(before.items.map((item) => [keyOf(item), item]));
      const unapproved: string[] = [];
      for (const { kind, name, change } of real) {
        const body = bodies.get(keyOf({ kind, name })) ?? null;
        const approved = !needsApproval(kind, body) || (await isApproved(tx, { kind, name, body }));
        if (!approved) unapproved.push(keyOf({ kind, name }));
        if (change === 'remove') items.delete(keyOf({ kind, name }));
        else
          items.set(
            keyOf({ kind, name }),
            await saveVersion(tx, { kind, name, body }, { author_id, author_name: actor.name, now: now() }),
          );
      }
      if (unapproved.length > 0) throw notApproved(unapproved);
      return {
        release: await write(tx, actor, { before, items: [...items.values()], message, author_id }),
        changes,
      };
    });
    await released.load();
    return done;
  };

  const rollback: ReleaseService['rollback'] = async (actor, id, message) => {
    const author_id = await tokens.responsible(actor);
    const release = await control.transaction(async (tx) => {
      if ((await tx.one<ReleaseRow>(releaseById(id))) === undefined) throw unknownRelease(id);
      const before = await currentSet(tx);
      if (before.id === id) {
        throw new AppError('conflict', { message: `Release ${id} is the current one already.`, field: 'id' });
      }
      const items = await tx.all<ItemRow>(itemsOf(id));
      const text = message ?? `Back to release ${id}`;
      return write(tx, actor, { before, items, message: text, author_id, rolled_back_to: id });
    });
    await released.load();
    return release;
  };

  return {
    plan: async (wanted) => {
      const { id, items } = await currentSet(control);
      return { release: id, ...planAgainst(items, wanted) };
    },
    apply,
    rollback,
    list: async (limit) => {
      const rows = await control.all<ReleaseRow>(releasesNewestFirst(limit));
      return { current: rows[0]?.id ?? 0, releases: rows.map(shown) };
    },
    get: async (id) => {
      const row = await control.one<ReleaseRow>(releaseById(id));
      if (row === undefined) throw unknownRelease(id);
      return { ...shown(row), definitions: (await control.all<ItemRow>(itemsOf(id))).map(parsed) };
    },
  };
}

interface NewSet {
  readonly before: { readonly id: number; readonly items: readonly ItemRow[] };
  readonly items: readonly ItemRow[];
  readonly message: string;
  readonly author_id: string;
  readonly rolled_back_to?: number;
}

/** Approved is a version, so the newest one must say exactly what is wanted. */
async function isApproved(tx: ControlTransaction, wanted: WantedDefinition): Promise<boolean> {
  const newest = await tx.one<VersionRow>(newestVersion(wanted.kind, wanted.name));
  if (newest?.review !== 'approved') return false;
  return canonicalJson(JSON.parse(newest.body)) === canonicalJson(wanted.body);
}

function changesBetween(before: readonly ItemRow[], after: readonly ItemRow[]): readonly ReleaseChange[] {
  const [old, fresh] = [byKey(before), byKey(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((key): ReleaseChange[] => {
    const [from, to] = [old.get(key), fresh.get(key)];
    if (to === undefined) {
      return from === undefined ? [] : [{ ...named(from), change: 'remove', from_version: from.version }];
    }
    if (from === undefined) return [{ ...named(to), change: 'create', to_version: to.version }];
    if (from.version === to.version) return [];
    return [{ ...named(to), change: 'update', from_version: from.version, to_version: to.version }];
  });
}

const byKey = (items: readonly ItemRow[]) => new Map(items.map((item) => [keyOf(item), item]));
const named = ({ kind, name }: ItemRow) => ({ kind, name });

async function unchanged(tx: ControlTransaction, id: number): Promise<Release> {
  const row = await tx.one<ReleaseRow>(releaseById(id));
  if (row === undefined) throw new AppError('invalid_input', { message: 'There is nothing to release.' });
  return shown(row);
}

const shown = (row: ReleaseRow): Release => ({
  id: row.id,
  created_at: row.created_at,
  author: row.author_name,
  message: row.message,
  changes: JSON.parse(row.changes),
  ...(row.rolled_back_from === null ? {} : { rolled_back_from: row.rolled_back_from }),
  ...(row.rolled_back_to === null ? {} : { rolled_back_to: row.rolled_back_to }),
});

const unknownRelease = (id: number) =>
  new AppError('not_found', { message: `There is no release ${id}.`, field: 'id' });

const releasedMeanwhile = (expected: number, current: number) =>
  new AppError('conflict', {
    message: `Release ${current} was made since release ${expected} was compared. Plan again.`,
    field: 'expected_release',
  });

const notApproved = (keys: readonly string[]) =>
  new AppError('not_ready', {
    message:
      'These changes need an approval: save each as a draft, ask for a review, and have somebody else approve it.',
    rule: 'approval',
    issues: keys.map((key) => ({
      field: key,
      message: 'its newest version is not an approved version with this body',
    })),
  });
