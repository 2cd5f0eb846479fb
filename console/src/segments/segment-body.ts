import type { Every } from '../api/segments.ts';

/** The body of a `segment` definition as the form holds it; the rule is held apart. */
export interface SegmentSettings {
  readonly label: string;
  readonly description: string;
  readonly owner: string;
  readonly purpose: string;
  readonly teams: readonly string[];
  readonly sensitivity: 'normal' | 'sensitive';
  readonly every: Every;
  readonly exclude_bots: boolean;
}

export function settingsOf(body: unknown, owner: string): SegmentSettings {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const text = (key: string) => (typeof given[key] === 'string' ? given[key] : '');
  const refresh = given['refresh'] as { readonly every?: Every } | undefined;
  return {
    label: text('label'),
    description: text('description'),
    owner: text('owner') || owner,
    purpose: text('purpose'),
    teams: Array.isArray(given['teams']) ? given['teams'].map(String) : [],
    sensitivity: given['sensitivity'] === 'sensitive' ? 'sensitive' : 'normal',
    every: refresh?.every ?? 'stream',
    exclude_bots: given['exclude_bots'] !== false,
  };
}

export function bodyOf(settings: SegmentSettings, rule: unknown): object {
  const { every, description, ...rest } = settings;
  return {
    ...rest,
    ...(description === '' ? {} : { description }),
    refresh: { every },
    rule,
  };
}

/** `Big spenders (DE)` as big-spenders-de: what a definition may be called. */
export function nameFrom(label: string): string {
  return label
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 100);
}

export const EVERY_WORDS: Readonly<Record<Every, string>> = {
  stream: 'At once, with every event',
  hour: 'Every hour',
  day: 'Every day',
  week: 'Every week',
  manual: 'Only by hand',
};
