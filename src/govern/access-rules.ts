import type { Role } from './contract.ts';

/** The least role that may read and write an object. A role includes the roles below it: admin, editor, viewer. */
export interface AccessRule {
  readonly read: Role;
  readonly write: Role;
}

const DATA: AccessRule = { read: 'viewer', write: 'editor' };
const READ_ONLY: AccessRule = { read: 'viewer', write: 'admin' };
const ADMIN: AccessRule = { read: 'admin', write: 'admin' };

/** Every object that an operation may name. What is not here is refused, and listed as a gap at the start. */
export const ACCESS_RULES: Readonly<Record<string, AccessRule>> = {
  sources: DATA,
  events: DATA,
  'tracking-plans': DATA,
  violations: DATA,
  drift: READ_ONLY,
  quarantine: DATA,
  reconciliation: READ_ONLY,
  health: READ_ONLY,
  sessions: DATA,
  profiles: DATA,
  traits: DATA,
  imports: DATA,
  // Contact data is cut short for viewers.
  identity: DATA,
  // Shows contact data of two records side by side.
  matching: { read: 'editor', write: 'editor' },
  segments: DATA,
  // People by id and identifier; the numbers are under `segments`.
  'segment-members': { read: 'editor', write: 'editor' },
  // Approving that a held segment is used: who decides reviews of definitions.
  'segment-use': DATA,
  definitions: DATA,
  releases: DATA,
  runs: DATA,
  catalogue: READ_ONLY,
  users: ADMIN,
  tokens: ADMIN,
  audit: ADMIN,
};
