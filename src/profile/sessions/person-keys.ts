import { digest } from '../../kernel/ids.ts';

/** Keys of the online store hold 1,024 bytes; a longer person id is named by its digest. */
const PERSON_MAX = 300;

const named = (person_id: string): string =>
  person_id.length <= PERSON_MAX ? person_id : `\u0001${digest(person_id)}`;

/** `PersonSessions` of a person. */
export const sessionKey = (person_id: string): string => `session:${named(person_id)}`;

/** The person id, for as long as the person's sessions wait for repair. */
export const dirtyKey = (person_id: string): string => `${DIRTY_PREFIX}${named(person_id)}`;

export const DIRTY_PREFIX = 'session-dirty:';
