/** What the shop sends: Segment's event object, and the delivery around it. */
export const CHANNEL_IDS = [
  'search_brand',
  'search_generic',
  'social_paid',
  'display',
  'video',
  'affiliate',
  'email',
] as const;
export type ChannelId = (typeof CHANNEL_IDS)[number];

export const SOURCES = ['shop-web', 'shop-app', 'shop-server', 'shop-stores'] as const;
export type SourceName = (typeof SOURCES)[number];

/**
 * One event as JSON.stringify writes it; keys that hold `undefined` are absent on the wire. Nested objects may be
 * shared between events (a product, a consent choice): copy before changing one.
 */
export interface WireEvent {
  readonly type: string;
  readonly event?: string | undefined;
  readonly name?: string | undefined;
  readonly messageId?: string | undefined;
  readonly userId?: string | undefined;
  readonly anonymousId?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly sentAt?: string | undefined;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
  readonly traits?: Readonly<Record<string, unknown>> | undefined;
  readonly context: Readonly<Record<string, unknown>>;
  readonly integrations: Readonly<Record<string, unknown>>;
}

/** One event as the collector would receive it. `ip` and `user_agent` are those of the connection. */
export interface HistoryItem {
  readonly received_at: string;
  readonly source: SourceName;
  readonly user_agent: string;
  readonly ip: string;
  readonly body: WireEvent;
}

export interface HistoryChunk {
  /** `2026-03-01`, the UTC day of receipt. */
  readonly day: string;
  /** In the order of receipt. */
  readonly items: HistoryItem[];
  /** Share of the history that is written after this chunk, 0 to 1. */
  readonly progress: number;
}
