import type { PersonId } from '../kernel/ids.ts';
import type { Sql } from '../kernel/sql.ts';

/** Who an event belongs to. The one place that says so; until identity resolution: the user id, else the anonymous id. */
export interface PersonResolver {
  personOf(ids: { readonly user_id: string; readonly anonymous_id: string }): PersonId;
  /** The same as an expression over the columns `user_id` and `anonymous_id` of `events`. */
  readonly person_sql: Sql;
}
