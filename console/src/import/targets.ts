import type { ImportKind, Target } from '../api/imports.ts';

/** A choice in the list of a column: what it becomes, as one text. */
export function choiceOf(target: Target): string {
  return target.to === 'identifier' ? `identifier:${target.type}` : target.to;
}

export const IDENTIFIERS = [
  { value: 'user_id', label: 'User id' },
  { value: 'email', label: 'E-mail' },
  { value: 'phone', label: 'Phone' },
  { value: 'email_sha256', label: 'Hashed e-mail (SHA-256)' },
  { value: 'phone_sha256', label: 'Hashed phone (SHA-256)' },
  { value: 'crm_id', label: 'CRM id' },
  { value: 'loyalty_id', label: 'Loyalty id' },
  { value: 'anonymous_id', label: 'Anonymous id' },
  { value: 'device_id', label: 'Device id' },
] as const;

interface Choices {
  readonly group: string;
  readonly items: { readonly value: string; readonly label: string }[];
}

/** What a column of this kind of table may become; an own identifier type that is in use is offered too. */
export function choicesFor(kind: ImportKind, used: Target): Choices[] {
  const known = IDENTIFIERS.map(({ value, label }) => ({ value: `identifier:${value}`, label }));
  const own =
    used.to === 'identifier' && !IDENTIFIERS.some((each) => each.value === used.type)
      ? [{ value: `identifier:${used.type}`, label: used.type }]
      : [];
  const about = {
    people: [
      { value: 'trait', label: 'Trait' },
      { value: 'timestamp', label: 'Date it was true' },
      { value: 'consent', label: 'Consent' },
      { value: 'group', label: 'Group or account' },
    ],
    transactions: [
      { value: 'property', label: 'Property of the event' },
      { value: 'timestamp', label: 'Date of the transaction' },
      { value: 'row_id', label: 'Order or receipt number' },
      { value: 'event', label: 'Name of the event' },
    ],
    match: [{ value: 'timestamp', label: 'Date it was true' }],
  }[kind];
  return [
    { group: 'Who it is', items: [...known, ...own] },
    { group: 'What is said', items: about },
    { group: 'Nothing', items: [{ value: 'ignore', label: 'Leave out' }] },
  ];
}

/** The target for a choice; what was typed for the column before is kept where it fits. */
export function targetOf(choice: string, column: string, before: Target): Target {
  if (choice.startsWith('identifier:')) return { to: 'identifier', type: choice.slice('identifier:'.length) };
  switch (choice) {
    case 'trait':
    case 'property': {
      const kept = before.to === 'trait' || before.to === 'property' ? before : undefined;
      return { to: choice, name: kept?.name ?? plainName(column), as: kept?.as ?? 'text' };
    }
    case 'consent':
      return before.to === 'consent' ? before : { to: 'consent', purpose: 'marketing', evidence: '' };
    case 'group':
      return before.to === 'group' ? before : { to: 'group', type: 'account' };
    case 'timestamp':
    case 'row_id':
    case 'event':
      return { to: choice };
    default:
      return { to: 'ignore' };
  }
}

/** `Birth Date` as birth_date. */
export function plainName(column: string): string {
  const name = column
    .trim()
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return name === '' ? 'column' : name;
}

/** What is missing before the mapping can be used, in words; empty when nothing is. */
export function incomplete(mapping: Readonly<Record<string, Target>>, kind: ImportKind): string {
  const targets = Object.values(mapping);
  const identifiers = targets.filter((target) => target.to === 'identifier').length;
  if (identifiers === 0) return 'Say which column tells who the row is about.';
  if (kind === 'match' && identifiers < 2) return 'A match table needs two columns with identifiers.';
  const nameless = targets.some(
    (target) => (target.to === 'trait' || target.to === 'property') && target.name.trim() === '',
  );
  if (nameless) return 'A trait or property has no name.';
  const unproven = targets.some((target) => target.to === 'consent' && target.evidence.trim().length < 3);
  return unproven ? 'Say how consent was given: without evidence a yes is not taken.' : '';
}

/** For the preview while a column is still being filled in: what is not complete yet is left out. */
export function usable(mapping: Readonly<Record<string, Target>>): Readonly<Record<string, Target>> {
  const entries = Object.entries(mapping).map(([column, target]): [string, Target] => {
    const unfinished =
      (target.to === 'consent' && (target.evidence.trim().length < 3 || target.purpose.trim() === '')) ||
      ((target.to === 'trait' || target.to === 'property') && target.name.trim() === '') ||
      (target.to === 'group' && !/^[a-z][a-z0-9_]{0,39}$/.test(target.type));
    return [column, unfinished ? { to: 'ignore' } : target];
  });
  return Object.fromEntries(entries);
}
