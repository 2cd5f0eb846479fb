/** What an imported row becomes, before it is an event of the log. */
export interface ImportedEvent {
  /** Made from the import and the row: the same row has the same id. */
  readonly message_id: string;
  readonly type: 'identify' | 'track' | 'group';
  readonly event: string;
  /** One of the two is set. */
  readonly user_id: string;
  readonly anonymous_id: string;
  readonly group_id: string;
  /** ISO 8601 UTC. */
  readonly timestamp: string;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
}

/**
 * Appends to the log as accepted events of the source `import`. Resolved means durable. An event whose message id was
 * there before is deduplicated as any other.
 */
export type AppendImported = (events: readonly ImportedEvent[]) => Promise<void>;
