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

/** How much a change of a kind can harm: `high` is released only once somebody else than its author approved it. */
export type Risk = 'low' | 'high';
