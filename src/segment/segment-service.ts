/** What can be asked of segments, as the operations give it out. Times are ISO 8601 UTC. */
import type { z } from 'zod';
import type { Actor } from '../kernel/operation.ts';
import type * as discovered from './queries/discovered-output.ts';
import type { RuleProblem } from './rules/rule.ts';
import type { Every } from './rules/segment-body.ts';
import type { UseState } from './use/decide-use.ts';

/** A number of people with its 95 % interval; exact when everybody was looked at. */
export interface SizeEstimate {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly exact: boolean;
}

export interface RefreshCost {
  readonly seconds: number;
  readonly rows_read: number;
  readonly bytes_read: number;
}

export interface SegmentSummary {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly owner: string;
  readonly purpose: string;
  readonly teams: readonly string[];
  readonly sensitivity: 'normal' | 'sensitive';
  readonly version: number;
  readonly exclude_bots: boolean;
  readonly every: Every;
  /** `stream`: events and time decide at once. `scan`: decided when it is refreshed. */
  readonly decided_by: 'stream' | 'scan';
  /** `building` until its first or changed rule has been worked out for everybody; `failed` when that cannot be done. */
  readonly state: 'building' | 'failed' | 'live';
  /** What kept the last computation from its answer, also of one that is live with what was worked out before. */
  readonly problem: string | null;
  /** Whether it is given out for use, and why not. */
  readonly use: { readonly state: UseState; readonly reasons: readonly string[] };
  /** Null until it was worked out. */
  readonly people: number | null;
  /** By themselves: not by the first computation, another rule, or the joining of people. */
  readonly entered_7d: number;
  readonly exited_7d: number;
  readonly refreshed_at: string | null;
  /** Of the last refresh; shared by all segments that were refreshed together. */
  readonly cost: RefreshCost | null;
  readonly advice: { readonly every: Every; readonly reasons: readonly string[] };
  readonly uses: readonly string[];
  readonly used_by: readonly string[];
}

export type DiscoveredSummary = z.infer<typeof discovered.DiscoveredSummary>;
export type DiscoveredDetail = z.infer<typeof discovered.DiscoveredDetail>;
export type SharedPeople = z.infer<typeof discovered.SharedPeople>;

export interface SegmentDetail extends SegmentSummary {
  readonly kind: 'rule';
  readonly rule: unknown;
  readonly parts: readonly {
    readonly place: string;
    readonly predicate: string;
    readonly description: string;
  }[];
}

export interface PreviewRequest {
  readonly rule: unknown;
  readonly exclude_bots: boolean;
  readonly trend_days: number;
  readonly sample: number;
}

export interface Preview {
  readonly people: SizeEstimate;
  /** Everybody there is. */
  readonly of: number;
  /** Part of the people that was looked at, 0 to 1. */
  readonly looked_at: number;
  readonly trend: readonly ({ readonly at: string } & SizeEstimate)[];
  readonly overlap: readonly {
    readonly segment: string;
    readonly label: string;
    readonly people: number;
    readonly both: SizeEstimate;
    /** Part of the previewed people who are in the other segment, 0 to 1; null when there are none. */
    readonly share: number | null;
  }[];
  /** Empty for those who may not see people. */
  readonly sample: readonly { readonly person: string; readonly identifiers: readonly string[] }[];
  readonly took_ms: number;
  readonly notes: readonly string[];
}

export interface Explanation {
  readonly segment: string;
  readonly person: string;
  /** By the rule, now. */
  readonly is: boolean;
  /** As kept. */
  readonly member: boolean;
  readonly since: string | null;
  /** When time alone may change it; null when it cannot. */
  readonly until: string | null;
  readonly parts: readonly {
    readonly place: string;
    readonly predicate: string;
    readonly description: string;
    readonly is: boolean;
    /** Below an odd number of `not`: there it helps by being false. */
    readonly negated: boolean;
    /** Whether it makes the answer what it is: were all of those the other way, the answer would be. */
    readonly decides: boolean;
    readonly evidence: unknown;
  }[];
}

export interface FieldCatalogue {
  readonly events: readonly {
    readonly event: string;
    readonly type: string;
    readonly seen_30d: number;
    readonly fields: readonly {
      readonly name: string;
      readonly types: readonly string[];
      readonly examples: readonly unknown[];
    }[];
  }[];
  readonly traits: readonly {
    readonly name: string;
    readonly types: readonly string[];
    readonly people: number;
    readonly examples: readonly unknown[];
  }[];
  readonly segments: readonly { readonly name: string; readonly label: string }[];
}

export interface SegmentService {
  list(): Promise<readonly SegmentSummary[]>;
  listDiscovered(): Promise<readonly DiscoveredSummary[]>;
  show(name: string): Promise<SegmentDetail | DiscoveredDetail>;
  /** With which other segments it shares people, most first. */
  overlap(name: string): Promise<readonly SharedPeople[]>;
  check(body: unknown, name: string): Promise<readonly RuleProblem[]>;
  preview(request: PreviewRequest, may_see_people: boolean): Promise<Preview>;
  members(
    name: string,
    page: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<{
    readonly members: readonly {
      readonly person: string;
      readonly since: string;
      readonly identifiers: readonly string[];
    }[];
    readonly next: string | null;
  }>;
  changes(filter: {
    readonly segment?: string | undefined;
    readonly person?: string | undefined;
    readonly limit: number;
  }): Promise<
    readonly {
      readonly change_id: string;
      readonly segment: string;
      readonly segment_version: number;
      readonly person: string;
      readonly what: 'entered' | 'exited';
      readonly at: string;
      readonly cause: string;
    }[]
  >;
  trend(
    name: string,
    days: number,
  ): Promise<
    readonly {
      readonly day: string;
      readonly people: number;
      readonly entered: number;
      readonly exited: number;
    }[]
  >;
  /** Begins in the background; answers with the run. */
  refresh(names: readonly string[], actor: Actor): Promise<{ readonly run_id: string }>;
  refreshes(limit: number): Promise<
    readonly ({
      readonly at: string;
      readonly segments: readonly string[];
      readonly cause: string;
      readonly people: number;
      readonly entered: number;
      readonly exited: number;
    } & RefreshCost)[]
  >;
  explain(name: string, people: readonly string[]): Promise<readonly Explanation[]>;
  exportCsv(
    name: string,
    page: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<{ readonly csv: string; readonly rows: number; readonly next: string | null }>;
  fields(): Promise<FieldCatalogue>;
}
