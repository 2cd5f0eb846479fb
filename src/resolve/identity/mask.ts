import type { Actor } from '../../kernel/operation.ts';

/** Shows an identifier to somebody: whole to editors, with contact data cut short to viewers. */
export interface Masker {
  readonly masked: boolean;
  value(type: string, value: string): string;
  /** Of `type:value`. */
  text(identifier: string): string;
}

const CONTACTS: ReadonlySet<string> = new Set(['email', 'phone']);

export function maskerFor(actor: Pick<Actor, 'roles'>): Masker {
  const masked = !actor.roles.some((role) => role === 'editor' || role === 'admin');
  const value = (type: string, text: string): string => {
    if (!masked) return text;
    if (text.includes('@')) return `${text.slice(0, 1)}…${text.slice(text.lastIndexOf('@'))}`;
    return CONTACTS.has(type) ? `…${text.slice(-3)}` : text;
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
