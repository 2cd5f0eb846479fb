/**
 * Contact data in answers: whole for those who work with people, cut short for everybody else. It is known by the name of its
 * field, and e-mail addresses and international phone numbers in any text by their form.
 */
import type { Actor } from './operation.ts';

/** Contact data is for those who work with people, not for everybody who reads numbers. */
export const seesContacts = (actor: Pick<Actor, 'roles'>): boolean =>
  actor.roles.some((role) => role === 'editor' || role === 'admin');

/** Words that say it whatever stands before them: `whatsapp_phone`, `postal_address`. */
const CONTACT = new Set(
  `email emails mail mails phone phones telephone telephones tel mobile cell cellphone msisdn whatsapp fax street
  address addresses addr zip zipcode postcode postal surname firstname lastname fullname vorname nachname geburtstag
  birthday birthdate birth dob iban ssn passport`.split(/\s+/),
);
/** Behind one of them these speak of the channel or the thing, not of somebody: `email_campaign`, `mobile_app`. */
const THING = new Set(
  `opened clicked sent received delivered bounced count verified valid status consent subscribed campaign template subject
  type domain provider frequency platform app os device browser carrier model network id ids`.split(/\s+/),
);
/** A name of something: `product_name`. Any other name is taken for somebody's. */
const NAMED_THING = new Set(
  `product event campaign page list category brand company account plan file screen host browser os library app item
  variant coupon store source segment template domain city country region network article course team group job
  utm service feature sdk plugin integration`.split(/\s+/),
);
const HUMP = /([a-z])([A-Z])/g;

const wordsOf = (name: string): string[] =>
  name
    .replace(HUMP, '$1_$2')
    .toLowerCase()
    .replace(/\be[_-]mail/g, 'email')
    .split(/[^\p{L}\d]+/u)
    .map((word) => (word === 'sha256' ? word : word.replace(/\d+$/, '')))
    .filter((word) => word !== '');

/** Of one or of several: `product`, `products`, `categories`. */
const isThing = (word: string): boolean =>
  [word, word.replace(/s$/, ''), word.replace(/ies$/, 'y')].some((one) => NAMED_THING.has(one));

/** Names of fields and identifier types that hold e-mail, phone, postal address, birthday or a person's name. */
export function isContactName(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word, i) => {
    if (word === 'name') return !words.slice(0, i).some(isThing);
    return CONTACT.has(word) && !words.slice(i + 1).some((after) => THING.has(after));
  });
}

const isIpName = (name: string): boolean => wordsOf(name).includes('ip');

/** The first and the last characters, so that two can be told apart and neither can be read. */
export function maskText(text: string): string {
  const at = text.indexOf('@');
  if (at > 0) return `${text.slice(0, 1)}…${text.slice(at)}`;
  return text.length <= 4 ? '…' : `${text.slice(0, 1)}…${text.slice(-2)}`;
}

/** The network, not the host. */
export function maskIp(ip: string): string {
  if (ip === '') return '';
  return ip.includes(':')
    ? `${ip.split(':').slice(0, 2).join(':')}:…`
    : `${ip.split('.').slice(0, 2).join('.')}.…`;
}

/** Cut where an address in a text or in a link begins or ends. */
const TOKEN = /[^\s<>"'(),;|&?=/#:]+/g;
const PHONE = /(?<!\w)\+\d[\d ()./-]{6,30}\d/g;
/** A text that is JSON in itself, or longer than a page, is looked through all the same: `TOKEN` is linear. */
const maskWithin = (text: string): string =>
  text
    .replace(TOKEN, (token) => (/.(@|%40)./i.test(token) ? maskText(token) : token))
    .replace(PHONE, (number) => maskText(number.trim()));

/** Masks contact data anywhere in a value. A member is known by its own name behind that of what it is in: `library.name`. */
export function maskJson(value: unknown, name = ''): unknown {
  if (typeof value === 'string') {
    if (isIpName(name)) return maskIp(value);
    return isContactName(name) ? maskText(value) : maskWithin(value);
  }
  if (typeof value === 'number') return isContactName(name) ? null : value;
  if (Array.isArray(value)) return value.map((item) => maskJson(item, name));
  if (typeof value !== 'object' || value === null) return value;
  const own = name.slice(name.lastIndexOf('.') + 1);
  // An address is masked whole, a list of products by what is in it.
  const nameOf = (key: string): string => (isAddress(name) ? 'address' : own === '' ? key : `${own}.${key}`);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskJson(inner, nameOf(key))]));
}

const isAddress = (name: string): boolean => /address/i.test(name);

/** What an answer shows to somebody. */
export interface Shown {
  /** False when they see everything. */
  readonly masked: boolean;
  /** A payload as it was sent, or a part of one. */
  json(value: unknown): unknown;
  /** Traits by name. */
  traits(value: unknown): unknown;
  /** One value of a payload; null where it is hidden. `path` as in `traits.email`. */
  at(path: string, value: unknown): unknown;
  /** An id, or words that may quote one. */
  text(text: string): string;
  ip(ip: string): string;
}

const EVERYTHING: Shown = {
  masked: false,
  json: (value) => value,
  traits: (value) => value,
  at: (_, value) => value,
  text: (text) => text,
  ip: (ip) => ip,
};

/** `hidden`: names of traits that are left out whole, because the team marked them as sensitive. */
export function shownTo(actor: Pick<Actor, 'roles'>, hidden: ReadonlySet<string> = new Set()): Shown {
  if (seesContacts(actor)) return EVERYTHING;
  const left = (value: unknown): unknown =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => !hidden.has(name))) : value;
  return {
    masked: true,
    json: (value) =>
      maskJson(isRecord(value) && 'traits' in value ? { ...value, traits: left(value['traits']) } : value),
    traits: (value) => maskJson(left(value)),
    at: (path, value) => {
      const [root, ...names] = path.split('.');
      return root === 'traits' && hidden.has(names.join('.')) ? null : maskJson(value, names.join('.'));
    },
    text: maskWithin,
    ip: maskIp,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
