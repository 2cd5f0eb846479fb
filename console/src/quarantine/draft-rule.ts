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

/** The rule most likely to help, from what was wrong. The person sees its effect before anything happens. */
export function suggestRule(
  group: Pick<QuarantineGroup, 'reason' | 'path' | 'detail'>,
  id: number,
): DraftRule {
  const rule = { ...emptyRule(id), path: group.path };
  const wanted = /must be (?:an? )?(number|integer|string|text|boolean)/i
    .exec(group.detail)?.[1]
    ?.toLowerCase();
  if (group.reason === 'invalid_timestamp') return { ...rule, action: 'cast', type: 'datetime' };
  if (group.reason === 'missing_event_name') return { ...rule, path: 'event' };
  if (group.reason === 'missing_identity')
    return { ...rule, action: 'rename', path: 'properties.user_id', to: 'userId' };
  if (wanted !== undefined) return { ...rule, action: 'cast', type: wanted === 'text' ? 'string' : wanted };
  return rule;
}

/** The rule as the server takes it; undefined while something is missing. */
export function toRule(draft: DraftRule): RepairRule | undefined {
  const path = draft.path.trim();
  const when = toCondition(draft.when);
  if (path === '' || when === 'incomplete') return undefined;
  const base = { path, ...(when === undefined ? {} : { when }) };
  switch (draft.action) {
    case 'set':
      return { action: 'set', ...base, value: readValue(draft.value) };
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
