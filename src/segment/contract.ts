/** What later stages may know of segments: who is in which, and what changed. */
import type { PersonId } from '../kernel/ids.ts';
import { table } from '../kernel/sql.ts';

/**
 * Who is in a segment: `segment String, person UInt64, since DateTime64(3), member UInt8, version UInt64`
 * (ReplacingMergeTree on `version`, ORDER BY (segment, person)). Read with FINAL and `member = 1`.
 */
export const SEGMENT_MEMBERS = table('segment_members');
/** Entered and exited, once each, append-only (ReplacingMergeTree on the change's id). */
export const SEGMENT_CHANGES = table('segment_changes');

export interface SegmentChange {
  /** Made from segment, person and what caused it: the same change has the same id. */
  readonly change_id: string;
  readonly segment: string;
  readonly segment_version: number;
  readonly person: PersonId;
  readonly what: 'entered' | 'exited';
  /** ISO 8601 UTC. */
  readonly at: string;
  /**
   * `event`, `time`, `refresh` (a batch, or a run of a segmentation), `merge`, `release` (the rule changed, or how people
   * are divided, or from scans to events) or `first` (first computation).
   */
  readonly cause: 'event' | 'time' | 'refresh' | 'merge' | 'release' | 'first';
}

/** Memberships as decisions read them, in memory or from the online store. */
export interface SegmentReader {
  /** Names of the segments that each person is in now, in the order of `people`. */
  segmentsOf(people: readonly PersonId[]): Promise<(readonly string[])[]>;
}

/** What working segments out for everybody changed and cost. */
export interface RefreshResult {
  /** Who are in one of the segments. */
  readonly people: number;
  readonly entered: number;
  readonly exited: number;
  readonly seconds: number;
  readonly rows_read: number;
  /** Uncompressed; an estimate. */
  readonly bytes_read: number;
  /** Segments that were left out, each with the reason. */
  readonly left_out: readonly LeftOut[];
}

export interface LeftOut {
  readonly segment: string;
  readonly problem: string;
}

/** People whom a run of a segmentation put into clusters, and the segments that the clusters are. */
export interface Assignment {
  readonly segmentation: string;
  /** The run whose rows of `segmentation_assignments` say who is in which cluster. */
  readonly run: string;
  readonly version: number;
  /** Changes exactly when the definition divides people in another way. */
  readonly fingerprint: string;
  readonly segments: readonly {
    readonly name: string;
    readonly label: string;
    /** Its number in the run. */
    readonly cluster: number;
  }[];
}

export type AssignResult = Pick<RefreshResult, 'people' | 'entered' | 'exited'>;

/** What only the thread that owns the stream may do; plain data in and out. */
export interface SegmentCommands {
  /** Works segments out for everybody now; all of them when none is named. */
  refresh(input: {
    readonly segments: readonly string[];
    /** Chosen by who asks, to ask for progress and to cancel. */
    readonly watch?: string;
  }): Promise<RefreshResult>;
  /** Null when it is over. */
  refreshProgress(input: {
    readonly watch: string;
  }): Promise<{ readonly share: number; readonly doing: string } | null>;
  /** Rejects the refresh, unless it writes already: then it is finished. */
  cancelRefresh(input: { readonly watch: string }): Promise<void>;
  /** Who is in a segment of the segmentation is who the run says; what that changes is told once, as of rules. */
  assign(input: Assignment): Promise<AssignResult>;
  /**
   * The same for people who were taken apart alone: each with those whom they were taken from. Rejects with `conflict` when
   * memberships are of another run than `run`.
   */
  assignParted(input: {
    readonly segmentation: string;
    readonly run: string;
    readonly partings: readonly (readonly [person: PersonId, from: readonly PersonId[]])[];
  }): Promise<void>;
}
