import type { Job } from './job.ts';
import type { Operation } from './operation.ts';

/** One column or key that holds data about a person, for the field catalogue (architecture, section 9). */
export interface PersonalField {
  /** `table.column`, or `online:key-prefix` for the online store. */
  readonly field: string;
  readonly category:
    | 'identifier'
    | 'contact'
    | 'behaviour'
    | 'network'
    | 'free-form'
    | 'credential'
    | 'account';
  readonly purposes: readonly string[];
  readonly lawful_basis: 'consent' | 'contract' | 'legitimate-interest' | 'legal-obligation';
  /** Days kept by default; `null` is as long as the account lives. */
  readonly retention_days: number | null;
  readonly sensitive: boolean;
}

/** A column that cannot hold data about a person, listed so that the catalogue is complete. */
export interface PlainField {
  readonly field: string;
}

export interface Migration {
  /** Sorts in order of application, for example `collect/001-events`. Never changes once released. */
  readonly id: string;
  readonly store: 'warehouse' | 'control';
  readonly script: string;
}

/** The schema of a kind of definition; see `govern/contract.ts` for how definitions live. */
export interface DefinitionKind {
  /** Singular, kebab-case, for example `tracking-plan`. */
  readonly kind: string;
  readonly summary: string;
  /** Returns the problems of a body, empty when it is sound. */
  check(body: unknown, name: string): readonly { readonly field: string; readonly message: string }[];
  /**
   * Problems that show only beside other definitions, as a cycle does. `set` is all that the release would hold,
   * `changed` the names of this kind that it would change.
   */
  checkSet?(
    set: readonly { readonly kind: string; readonly name: string; readonly body: unknown }[],
    changed: ReadonlySet<string>,
  ): readonly { readonly name: string; readonly field: string; readonly message: string }[];
}

/** What a stage hands to the composition root. */
export interface Stage {
  readonly name: string;
  readonly operations: readonly Operation[];
  readonly jobs: readonly Job[];
  readonly migrations: readonly Migration[];
  readonly personal_fields: readonly PersonalField[];
  readonly plain_fields: readonly PlainField[];
  readonly definition_kinds: readonly DefinitionKind[];
}
