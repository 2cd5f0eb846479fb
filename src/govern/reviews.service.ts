import type { ErrorDetails } from '../kernel/errors.ts';
import type { Actor } from '../kernel/operation.ts';
import type { ControlDb } from '../stores/control/port.ts';
import type { Reviews } from './contract.ts';
import { type VersionRow, versionRow } from './definitions.sql.ts';

/** Why somebody may not approve what `author_id` wrote, whatever their role; undefined when they may. */
export function approverRefusal(
  actor: Actor,
  approver_id: string,
  author_id: string,
): ErrorDetails | undefined {
  if (actor.kind !== 'user') return { message: 'A review is decided by a signed-in person, not by a token.' };
  if (approver_id !== author_id) return undefined;
  return {
    message: 'The author of a version cannot decide its review. Ask somebody else.',
    rule: 'author_is_not_approver',
  };
}

export const createReviews = ({ control }: { readonly control: ControlDb }): Reviews => ({
  async versionOf(kind, name, version) {
    const row = await control.one<VersionRow>(versionRow(kind, name, version));
    if (row === undefined) return undefined;
    return { body: JSON.parse(row.body), author_id: row.author_id, author_name: row.author_name };
  },
  // A signed-in person answers for themselves: nobody stands behind the id of a user.
  refusal: (actor, author_id) => approverRefusal(actor, actor.id, author_id)?.message,
});
