import type { Actor } from '../../kernel/operation.ts';
import type { Json } from '../contract.ts';

/** Contact data is for those who work with people, not for everybody who reads numbers. */
export const seesContacts = (actor: Actor): boolean =>
  actor.roles.some((role) => role === 'editor' || role === 'admin');

const CONTACT =
  /(^|_|\.)(e_?mail|phone|mobile|fax|street|address|first_?name|last_?name|surname|full_?name|name)\d*($|_|\.)/i;
const NOT_PEOPLE =
  /(product|event|campaign|page|list|category|brand|company|account|plan|file|screen|host|browser|os|library|app)/i;
const HUMP = /([a-z])([A-Z])/g;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Names of fields and identifier types that hold e-mail, phone, postal address or a person's name. */
export function isContactName(name: string): boolean {
  const snake = name.replace(HUMP, '$1_$2');
  return CONTACT.test(snake) && !NOT_PEOPLE.test(snake);
}

/** The first and the last characters, so that two can be told apart and neither can be read. */
export function maskText(text: string): string {
  const at = text.indexOf('@');
  if (at > 0) return `${text.slice(0, 1)}…${text.slice(at)}`;
  return text.length <= 4 ? '…' : `${text.slice(0, 1)}…${text.slice(-2)}`;
}

/** Masks contact data anywhere in a value. */
export function maskJson(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return isContactName(name) || EMAIL.test(value) ? maskText(value) : value;
  if (typeof value === 'number') return isContactName(name) ? null : value;
  if (Array.isArray(value)) return value.map((item) => maskJson(item, name));
  if (typeof value !== 'object' || value === null) return value;
  // An address is masked whole, a list of products by what is in it.
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, maskJson(inner, isAddress(name) ? 'address' : key)]),
  );
}

const isAddress = (name: string): boolean => /address/i.test(name);

export function maskedTrait(
  name: string,
  value: Json,
): { readonly value: unknown; readonly masked: boolean } {
  const masked = maskJson(value, name);
  return { value: masked, masked: JSON.stringify(masked) !== JSON.stringify(value) };
}
