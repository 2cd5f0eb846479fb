import type { Actor } from '../../kernel/operation.ts';
import type { CompiledRules } from '../rules/compile-rules.ts';

/** Shows an identifier to somebody: whole to editors, with contact data cut short to viewers. */
export interface Masker {
  readonly masked: boolean;
  value(type: string, value: string): string;
  /** Of `type:value`. */
  text(identifier: string): string;
}

/** Types by these names, and types that the rules read in one of these forms. */
const CONTACTS: ReadonlySet<string> = new Set(['email', 'phone']);

export function maskerFor(actor: Pick<Actor, 'roles'>, rules: CompiledRules): Masker {
  const isContact = (type: string) =>
    CONTACTS.has(type) || CONTACTS.has(rules.type(type)?.normalise ?? 'none');
  const masked = !actor.roles.some((role) => role === 'editor' || role === 'admin');
  const value = (type: string, text: string): string => {
    if (!masked) return text;
    if (text.includes('@')) return `${text.slice(0, 1)}…${text.slice(text.lastIndexOf('@'))}`;
    return isContact(type) ? `…${text.slice(-3)}` : text;
  };
  return {
    masked,
    value,
    text(identifier) {
      const at = identifier.indexOf(':');
      return `${identifier.slice(0, at)}:${value(identifier.slice(0, at), identifier.slice(at + 1))}`;
    },
  };
}
