/** What every stage may know of govern: access, audit and definitions. */
import type { Access, Actor } from '../kernel/operation.ts';

export const ROLES = ['admin', 'editor', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** Deny by default; `reason` is for the person refused. */
export type Allow = (
  actor: Actor,
  access: Access,
) => { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

export interface Audit {
  /** Appends; never personal data or secrets in `details`. */
  record(entry: {
    readonly actor: Actor;
    readonly action: string;
    readonly object: string;
    readonly details: Readonly<Record<string, unknown>>;
  }): Promise<void>;
}

/** A definition as production runs it. */
export interface ReleasedDefinition {
  readonly kind: string;
  readonly name: string;
  /** Counts up from 1 for each kind and name. */
  readonly version: number;
  readonly body: unknown;
}

export interface Definitions {
  /** Definitions of a kind in the current release, from memory. */
  current(kind: string): readonly ReleasedDefinition[];
  /** Number of the current release; 0 before the first. */
  release(): number;
  /** Called after every release and rollback, once memory is up to date. */
  onRelease(listener: () => void): void;
}

/** A version of a definition, with who wrote it. */
export interface AuthoredVersion {
  readonly body: unknown;
  readonly author_id: string;
  readonly author_name: string;
}

/** For what needs an approval beyond that of a release, by the same rules. */
export interface Reviews {
  /** Undefined when there is no such version. */
  versionOf(kind: string, name: string, version: number): Promise<AuthoredVersion | undefined>;
  /**
   * Why this actor may not approve what `author_id` wrote; undefined when they may. Only signed-in people approve, and never
   * the author; whether their role allows it is asked of `Allow`.
   */
  refusal(actor: Actor, author_id: string): string | undefined;
}

/** How much a change of a kind can harm: `high` is released only once somebody else than its author approved it. */
export type Risk = 'low' | 'high';

/** Long work in the background, with progress, a cancel and an end that is kept. Shown under /api/runs. */
export interface Runs {
  /**
   * Begins `work` and returns at once. `kind` is `stage.verb`, `subject` what it is about (never personal data). One run of
   * a kind and subject at a time: a second one is refused with `conflict`. A run that a stop of the program cut off is
   * `failed` and says so.
   */
  start(
    kind: string,
    subject: string,
    actor: Actor,
    work: (run: RunHandle) => Promise<unknown>,
  ): Promise<Run>;
}

export interface RunHandle {
  /** Aborted by a cancel or when the program stops. */
  readonly signal: AbortSignal;
  /** `share` of the work that is done, 0 to 1, and what is being done now. */
  progress(share: number, what: string): void;
}

export interface Run {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly progress: number;
  readonly doing: string;
  readonly actor_id: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  /** What the work returned, JSON. */
  readonly result: unknown;
  readonly error: string;
}
