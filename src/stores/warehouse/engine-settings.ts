/**
 * What every adapter of the warehouse asks of the engine, so that all give and take values in the same form and
 * resolve only when the data is on disk.
 */
export const SESSION_SETTINGS = {
  session_timezone: 'UTC',
  date_time_output_format: 'iso',
  date_time_input_format: 'best_effort',
  cast_string_to_date_time_mode: 'best_effort',
  output_format_json_quote_64bit_integers: 0,
  output_format_json_escape_forward_slashes: 0,
  input_format_skip_unknown_fields: 1,
  input_format_defaults_for_omitted_fields: 1,
  input_format_null_as_default: 1,
  // Several threads for one insert cost a fifth more of the machine, which collecting needs.
  input_format_parallel_parsing: 0,
  // Bytes of a statement; a query cannot raise it for itself, and questions about many segments are long.
  max_query_size: '1048576',
  // Statements resolve when mutations and drops are done.
  mutations_sync: '1',
  alter_sync: '1',
  lightweight_deletes_sync: '1',
  database_atomic_wait_for_drop_and_detach_synchronously: 1,
  // Repeats are recognised by token only: the same rows twice, without a token, are two inserts.
  deduplicate_insert: 'disable',
  deduplicate_insert_select: 'disable',
  deduplicate_blocks_in_dependent_materialized_views: 1,
  async_insert: 0,
  // One insert of any size that fits memory is one block, and so one part for each partition.
  max_insert_block_size: '10000000',
  min_insert_block_size_rows: '10000000',
  min_insert_block_size_bytes: '1073741824',
} as const satisfies Record<string, string | number>;

/** Settings of one insert: with a token, a second one changes nothing. */
export const insertSettings = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { deduplicate_insert: 'enable', insert_deduplication_token: token };

/** Defaults of every table: commits reach the disk, and tokens of repeated inserts are remembered. */
export const TABLE_SETTINGS = {
  fsync_after_insert: 1,
  fsync_part_directory: 1,
  non_replicated_deduplication_window: 10_000,
} as const;

export const DEFAULT_TIMEOUT_MS = 30_000;
