/** `PersonSessions` of a person. */
export const sessionKey = (person_id: string): string => `session:${person_id}`;

export const DIRTY_PREFIX = 'session-dirty:';

/** The person id, for as long as the person's sessions wait for repair. */
export const dirtyKey = (person_id: string): string => `${DIRTY_PREFIX}${person_id}`;
