import type { ImportKind, Target } from '../api/imports.ts';

/** A choice in the list of a column: what it becomes, as one text. */
export function choiceOf(target: Target): string {
  return target.to === 'identifier' ? `identifier:${target.type}` : target.to;
}

const LABELS: Readonly<Record<string, string>> = {
  user_id: 'User id',
  email: 'E-mail',
  phone: 'Phone',
  email_sha256: 'Hashed e-mail (SHA-256)',
  phone_sha256: 'Hashed phone (SHA-256)',
  crm_id: 'CRM id',
  loyalty_id: 'Loyalty id',
  anonymous_id: 'Anonymous id',
  device_id: 'Device id',
};

/** Types of the identity rules, as a person reads them; own ones by their name. */
export const identifierChoices = (types: readonly string[]): { value: string; label: string }[] =>
  types.map((type) => ({ value: type, label: LABELS[type] ?? type }));

interface Choices {
  readonly group: string;
  readonly items: { readonly value: string; readonly label: string }[];
}

/** What a column of this kind of table may become. `types`: of the identity rules; one that is in use is offered too. */
export function choicesFor(kind: ImportKind, used: Target, types: readonly string[]): Choices[] {
  const in_use = used.to === 'identifier' && !types.includes(used.type) ? [used.type] : [];
  const known = identifierChoices([...types, ...in_use]).map(({ value, label }) => ({
    value: `identifier:${value}`,
    label,
  }));
  const about = {
    people: [
      { value: 'trait', label: 'Trait' },
      { value: 'timestamp', label: 'Date it was true' },
      { value: 'score', label: 'Score' },
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
    { group: 'Who it is', items: known },
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
    case 'score':
      return before.to === 'score' ? before : { to: 'score', name: scoreName(column) };
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

const SCORE_NAME = /^[a-z][a-z0-9_]{0,39}$/;

/** `Churn score` as churn: the trait is called score.churn. */
export function scoreName(column: string): string {
  const name = plainName(column)
    .replace(/^score_|_score$/g, '')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40);
  return name === '' ? 'column' : name;
}

export const isScoreName = (name: string): boolean => SCORE_NAME.test(name);

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
  const unnamed = targets.some((target) => target.to === 'score' && !isScoreName(target.name));
  if (unnamed) return 'A score is named in lower-case letters, digits and underscores.';
  const unproven = targets.some((target) => target.to === 'consent' && target.evidence.trim().length < 3);
  return unproven ? 'Say how consent was given: without evidence a yes is not taken.' : '';
}

/** For the preview while a column is still being filled in: what is not complete yet is left out. */
export function usable(mapping: Readonly<Record<string, Target>>): Readonly<Record<string, Target>> {
  const entries = Object.entries(mapping).map(([column, target]): [string, Target] => {
    const unfinished =
      (target.to === 'consent' && (target.evidence.trim().length < 3 || target.purpose.trim() === '')) ||
      ((target.to === 'trait' || target.to === 'property') && target.name.trim() === '') ||
      (target.to === 'score' && !isScoreName(target.name)) ||
      (target.to === 'group' && !/^[a-z][a-z0-9_]{0,39}$/.test(target.type));
    return [column, unfinished ? { to: 'ignore' } : target];
  });
  return Object.fromEntries(entries);
}
