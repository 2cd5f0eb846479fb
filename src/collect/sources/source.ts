/** A place that events come from, with its write keys and rules. One row of `sources`, cached in memory. */
export const SOURCE_TYPES = ['browser', 'server', 'mobile', 'webhook', 'import'] as const;
export type SourceType = (typeof SOURCE_TYPES)[number];

export interface Source {
  readonly id: string;
  readonly name: string;
  readonly type: SourceType;
  readonly enabled: boolean;
  readonly created_at: string;
  readonly settings: SourceSettings;
  readonly keys: readonly WriteKey[];
}

export interface SourceSettings {
  /** Share of people kept, 0 to 1; decided by person, so that a person's events stay together. */
  readonly sampling_rate: number;
  /** Above this rate requests are answered 429 with Retry-After; `null` is no limit. */
  readonly events_per_s_max: number | null;
  readonly unknown_events: 'allow' | 'quarantine';
  /** Overrides the plan's answer to a violation; `null` leaves it to the plan. */
  readonly on_violation: 'allow' | 'strip' | 'quarantine' | null;
  readonly ip: 'truncate' | 'keep' | 'drop';
  /** Name of the tracking plan that its events are checked against. */
  readonly tracking_plan: string | null;
}

export interface WriteKey {
  readonly id: string;
  /** Public in browsers by nature: it can only write, so it is stored and shown as it is. */
  readonly write_key: string;
  readonly created_at: string;
  /** Set by rotation: accepted until then. */
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

/** Sources in memory, for the hot path. */
export interface SourceDirectory {
  /** Also finds disabled sources, so that the refusal can say so; expired and revoked keys are unknown. */
  byWriteKey(write_key: string, now_ms: number): Source | undefined;
  byId(id: string): Source | undefined;
}
