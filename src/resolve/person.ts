import type { PersonId } from '../kernel/ids.ts';
import { sql } from '../kernel/sql.ts';
import type { PersonResolver } from './contract.ts';

/**
 * The person of an event is its user id, else its anonymous id, as they came; empty when it has neither.
 * `person_sql` says the same over the columns of `events`; a test holds the two equal.
 */
export const personResolver: PersonResolver = {
  personOf: ({ user_id, anonymous_id }) => (user_id !== '' ? user_id : anonymous_id) as PersonId,
  person_sql: sql`if(user_id != '', user_id, anonymous_id)`,
};
