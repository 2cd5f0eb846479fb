import type { Access, Operation } from '../kernel/operation.ts';
import { ACCESS_RULES, type AccessRule } from './access-rules.ts';
import { type Allow, ROLES, type Role } from './contract.ts';

/** 0 is admin, then editor, viewer; Infinity for a role that nobody knows. */
const rank = (role: string): number => {
  const at = (ROLES as readonly string[]).indexOf(role);
  return at === -1 ? Number.POSITIVE_INFINITY : at;
};

/** True when one of `roles` includes `needed`. */
export const includesRole = (roles: readonly string[], needed: Role): boolean =>
  roles.some((role) => rank(role) <= rank(needed));

/** The one place that says yes or no. Deny by default: an object without a rule is refused to everybody. */
export function createAllow(rules: Readonly<Record<string, AccessRule>> = ACCESS_RULES): Allow {
  return (actor, access) => {
    const rule = ruleOf(rules, access);
    if (rule === undefined) {
      return {
        allowed: false,
        reason: `No access rule covers \`${access.object}\`, so it is refused to everybody.`,
      };
    }
    const needed = rule[access.action];
    if (includesRole(actor.roles, needed)) return { allowed: true };
    const verb = access.action === 'read' ? 'Reading' : 'Changing';
    return { allowed: false, reason: `${verb} ${access.object} needs the role ${needed}.` };
  };
}

/** Objects that operations name and no rule covers, sorted. A start logs them; a test keeps the list empty. */
export function accessGaps(
  operations: readonly Pick<Operation, 'access'>[],
  rules: Readonly<Record<string, AccessRule>> = ACCESS_RULES,
): readonly string[] {
  const gaps = operations.filter((o) => ruleOf(rules, o.access) === undefined).map((o) => o.access.object);
  return [...new Set(gaps)].sort();
}

const ruleOf = (rules: Readonly<Record<string, AccessRule>>, access: Access): AccessRule | undefined =>
  Object.hasOwn(rules, access.object) ? rules[access.object] : undefined;
