import type { QuarantineGroup, RepairRule, RuleCondition } from '../api/quarantine.ts';

/** A rule while it is typed: every field is text. */
export interface DraftRule {
  readonly id: number;
  readonly action: RepairRule['action'];
  readonly path: string;
  readonly to: string;
  readonly value: string;
  readonly type: string;
  readonly when: { readonly path: string; readonly is: RuleCondition['is']; readonly value: string } | null;
}

export const CAST_TYPES = ['number', 'integer', 'string', 'boolean', 'datetime'] as const;

export function emptyRule(id: number): DraftRule {
  return { id, action: 'set', path: '', to: '', value: '', type: 'number', when: null };
}

/**
 * The rule most likely to help, from what was wrong and which fields the samples have. The person sees its effect
 * before anything happens.
 */
export function suggestRule(
  group: Pick<QuarantineGroup, 'reason' | 'path' | 'detail'>,
  paths: readonly string[],
  id: number,
): DraftRule {
  const rule = { ...emptyRule(id), path: group.path };
  if (group.reason === 'invalid_timestamp') return { ...rule, action: 'cast', type: 'datetime' };
  if (group.reason === 'missing_event_name')
    return moveOrSet(rule, ['event', 'name', 'event_name'], 'event', paths);
  if (group.reason === 'missing_identity')
    return moveOrSet(rule, ['user_id', 'customer_id', 'uid'], 'userId', paths);
  if (/ is missing$/.test(group.detail)) return moveOrSet(rule, [lastName(group.path)], group.path, paths);
  const wanted = /must be (?:an? )?(number|integer|string|text|boolean)/i
    .exec(group.detail)?.[1]
    ?.toLowerCase();
  return wanted === undefined
    ? rule
    : { ...rule, action: 'cast', type: wanted === 'text' ? 'string' : wanted };
}

/** The same name written another way (orderId, order_id) is moved to where it belongs; without one, a value is set. */
function moveOrSet(
  rule: DraftRule,
  names: readonly string[],
  to: string,
  paths: readonly string[],
): DraftRule {
  const wanted = new Set(names.map(plainName));
  const found = paths.find((path) => path !== to && wanted.has(plainName(lastName(path))));
  return found === undefined ? { ...rule, path: to } : { ...rule, action: 'rename', path: found, to };
}

function lastName(path: string): string {
  return path.split('.').at(-1) ?? '';
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** The rule as the server takes it; undefined while something is missing. */
export function toRule(draft: DraftRule): RepairRule | undefined {
  const path = draft.path.trim();
  const when = toCondition(draft.when);
  if (path === '' || when === 'incomplete') return undefined;
  const base = { path, ...(when === undefined ? {} : { when }) };
  switch (draft.action) {
    case 'set':
      // Empty text as a value is written "": an empty field is one not filled in yet.
      return draft.value.trim() === ''
        ? undefined
        : { action: 'set', ...base, value: readValue(draft.value) };
    case 'rename':
      return draft.to.trim() === '' ? undefined : { action: 'rename', ...base, to: draft.to.trim() };
    case 'cast':
      return { action: 'cast', ...base, type: draft.type };
    case 'remove':
      return { action: 'remove', ...base };
  }
}

function toCondition(when: DraftRule['when']): RuleCondition | undefined | 'incomplete' {
  if (when === null) return undefined;
  const path = when.path.trim();
  if (path === '') return 'incomplete';
  if (when.is === 'missing' || when.is === 'present') return { path, is: when.is };
  if (when.value.trim() === '') return 'incomplete';
  return { path, is: when.is, value: when.is === 'equals' ? readValue(when.value) : when.value.trim() };
}

/** JSON where the text is JSON (12, true, "text", {…}), else the text itself. */
export function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
