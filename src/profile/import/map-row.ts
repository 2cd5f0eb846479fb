import { type ImportedEvent, isPlaceholder, standingId } from '../../collect/contract.ts';
import { DAY_MS } from '../../kernel/clock.ts';
import { digest } from '../../kernel/ids.ts';
import type { IdentifierRules } from '../../resolve/contract.ts';
import { own } from '../state/node-state.ts';
import { isTraitName } from '../state/register.ts';
import { castCell, readDate, typeOfCell, UNSAFE_INTEGER } from './cast-cell.ts';
import type { ImportPlan, ImportTarget } from './mapping.ts';

/** A row of the file. The header of a table is row 1. */
export interface ImportRow {
  readonly row: number;
  readonly cells: Readonly<Record<string, unknown>>;
}

export interface RowProblem {
  readonly row: number;
  /** Empty when the row as a whole is meant. */
  readonly column: string;
  readonly rule: string;
  readonly message: string;
  readonly value_type: string;
}

export type MappedRow =
  | { readonly events: readonly ImportedEvent[] }
  | { readonly problems: readonly RowProblem[] };

/** What all rows of an import share. */
export interface RowContext {
  readonly import_id: string;
  readonly plan: ImportPlan;
  readonly now_ms: number;
  readonly identifiers: Pick<IdentifierRules, 'refusal'>;
}

const OLDEST_MS = Date.UTC(1970, 0, 2);
const ID_MAX = 500;

interface Draft {
  user_id: string;
  anonymous_id: string;
  readonly identifiers: { readonly type: string; readonly value: string }[];
  readonly traits: Record<string, unknown>;
  readonly properties: Record<string, unknown>;
  readonly consent: { readonly purposes: Record<string, boolean>; readonly evidence: Record<string, string> };
  readonly groups: { readonly type: string; readonly id: string }[];
  readonly scores: Record<string, number>;
  timestamp_ms: number | undefined;
  row_id: string;
  event: string;
}

/** A row becomes one event (and one for each group), or is refused whole with every reason. */
export function mapRow({ row, cells }: ImportRow, context: RowContext): MappedRow {
  const draft: Draft = {
    user_id: '',
    anonymous_id: '',
    identifiers: [],
    traits: {},
    properties: {},
    consent: { purposes: {}, evidence: {} },
    groups: [],
    scores: {},
    timestamp_ms: undefined,
    row_id: '',
    event: '',
  };
  const problems: RowProblem[] = [];
  const refuse = (column: string, rule: string, message: string): void => {
    const cell = column === '' ? undefined : own(cells, column);
    problems.push({ row, column, rule, message, value_type: typeOfCell(cell) });
  };
  for (const [column, target] of Object.entries(context.plan.mapping)) {
    const cell = own(cells, column);
    if (cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '')) continue;
    const refusal = apply(draft, target, cell, context);
    if (refusal !== undefined) refuse(column, ...refusal);
  }
  // A cell that was refused explains what is missing because of it.
  if (problems.length === 0) for (const refusal of wholeProblems(draft, context.plan)) refuse('', ...refusal);
  return problems.length > 0 ? { problems } : { events: eventsOf(draft, row, context) };
}

type Refusal = readonly [rule: string, message: string];

/** Puts the cell where it belongs, or says why not. */
function apply(
  draft: Draft,
  target: ImportTarget,
  cell: unknown,
  { plan, now_ms, identifiers }: RowContext,
): Refusal | undefined {
  switch (target.to) {
    case 'identifier':
      return addIdentifier(draft, target.type, cell, identifiers);
    case 'trait':
    case 'property': {
      if (target.to === 'trait' && !isTraitName(target.name))
        return ['trait_name', 'The name of the trait is reserved.'];
      const cast = castCell(cell, target.as, plan.day_first);
      if (!cast.ok) return [cast.rule ?? target.as, `The value ${cast.message}.`];
      (target.to === 'trait' ? draft.traits : draft.properties)[target.name] = cast.value;
      return undefined;
    }
    case 'timestamp': {
      const ms = readDate(cell, plan.day_first);
      if (Number.isNaN(ms)) return ['date', 'The value must be a date such as 2026-03-31T09:30:00Z.'];
      if (ms > now_ms + DAY_MS || ms < OLDEST_MS)
        return ['date_range', 'The date is before 1970 or in the future.'];
      draft.timestamp_ms = ms;
      return undefined;
    }
    case 'consent': {
      const cast = castCell(cell, 'boolean', false);
      if (!cast.ok) return ['boolean', `The value ${cast.message}.`];
      draft.consent.purposes[target.purpose] = cast.value === true;
      draft.consent.evidence[target.purpose] = target.evidence;
      return undefined;
    }
    case 'score': {
      const cast = castCell(cell, 'number', false);
      if (!cast.ok) return [cast.rule ?? 'number', `The value ${cast.message}.`];
      draft.scores[target.name] = cast.value as number;
      return undefined;
    }
    case 'group':
      draft.groups.push({ type: target.type, id: String(cell).trim().slice(0, ID_MAX) });
      return undefined;
    case 'row_id':
      if (isUnsafe(cell)) return UNSAFE;
      draft.row_id = String(cell).trim();
      return undefined;
    case 'event':
      draft.event = String(cell).trim().slice(0, 200);
      return undefined;
    case 'ignore':
      return undefined;
  }
}

/** JSON has read another number from the digits already. */
const isUnsafe = (cell: unknown): boolean => typeof cell === 'number' && !castCell(cell, 'text', false).ok;
const UNSAFE: Refusal = [UNSAFE_INTEGER, 'A number with so many digits must be sent as text.'];

function addIdentifier(
  draft: Draft,
  type: string,
  cell: unknown,
  rules: RowContext['identifiers'],
): Refusal | undefined {
  if (isUnsafe(cell)) return UNSAFE;
  if (typeof cell === 'object') return ['identifier', 'An identifier must be text or a number.'];
  const text = String(cell).trim().toWellFormed();
  const value = type.endsWith('_sha256') ? text.toLowerCase() : text;
  if (value.length > ID_MAX) return ['length', `An identifier has at most ${ID_MAX} characters.`];
  // An export's word for an empty cell (`null`): the row is told by its other identifiers.
  const refusal = isPlaceholder(value) ? undefined : rules.refusal({ type, value });
  if (refusal !== undefined) return [refusal.rule, refusal.message];
  if (type === 'user_id') draft.user_id = value;
  else if (type === 'anonymous_id') draft.anonymous_id = value;
  else if (!isPlaceholder(value)) draft.identifiers.push({ type, value });
  return undefined;
}

function wholeProblems(draft: Draft, plan: ImportPlan): Refusal[] {
  const values = draft.identifiers.map((identifier) => identifier.value);
  const known = [draft.user_id, draft.anonymous_id, ...values].filter((id) => !isPlaceholder(id)).length;
  const found: Refusal[] = [];
  if (plan.kind === 'match' && known < 2)
    found.push(['two_identifiers', 'A row of a match table needs two identifiers.']);
  else if (known === 0) found.push(['no_identifier', 'The row has no identifier.']);
  if (plan.kind === 'transactions' && draft.timestamp_ms === undefined)
    found.push(['no_timestamp', 'A transaction needs the time at which it happened.']);
  return found;
}

/** Strongest first; types of the team's own are as strong as a customer number. */
const WEAKER = ['email', 'phone', 'device_id', 'email_sha256', 'phone_sha256'];
const strength = (type: string): number => WEAKER.indexOf(type);

/** Stands for the person as long as no better id is known; the same identifier gives the same one. */
function standIn(identifiers: Draft['identifiers']): string {
  const [strongest] = identifiers.toSorted((a, b) => strength(a.type) - strength(b.type));
  if (strongest === undefined) return '';
  const { type, value } = strongest;
  const normal =
    type === 'phone' ? value.replace(/[^\d+]/g, '') : type === 'email' ? value.toLowerCase() : value;
  return `import:${digest(`${type}:${normal}`).slice(0, 32)}`;
}

function eventsOf(draft: Draft, row: number, { import_id, plan, now_ms }: RowContext): ImportedEvent[] {
  const isTrack = plan.kind === 'transactions';
  const event = isTrack ? draft.event || plan.event : '';
  const message_id =
    isTrack && draft.row_id !== ''
      ? `row:${digest(`${event}:${draft.row_id}`).slice(0, 40)}`
      : `import:${import_id}:${row}`;
  const { user_id } = draft;
  // A row whose ids are placeholders (`null`) is told by what else it knows.
  const anonymous_id = standingId(draft) === undefined ? standIn(draft.identifiers) : draft.anonymous_id;
  const contacts: Record<string, string> = {};
  for (const { type, value } of draft.identifiers)
    if (type === 'email' || type === 'phone') contacts[type] = value;
  const base: ImportedEvent = {
    message_id,
    type: isTrack ? 'track' : 'identify',
    event,
    user_id,
    anonymous_id,
    group_id: '',
    timestamp: new Date(draft.timestamp_ms ?? now_ms).toISOString(),
    traits: isTrack ? {} : { ...contacts, ...draft.traits },
    properties: isTrack
      ? { ...draft.properties, ...(draft.row_id === '' ? {} : { transaction_id: draft.row_id }) }
      : {},
    context: contextOf(draft, isTrack ? { ...contacts, ...draft.traits } : {}),
  };
  const groups = draft.groups.map(
    ({ type, id }, i): ImportedEvent => ({
      ...base,
      message_id: `${message_id}:group:${i}`,
      type: 'group',
      event: '',
      group_id: id,
      traits: {},
      properties: {},
      context: { groupType: type },
    }),
  );
  return [base, ...groups];
}

function contextOf(draft: Draft, traits: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const externalIds = draft.identifiers.map(({ type, value }) => ({
    id: value,
    type,
    collection: 'users',
    encoding: 'none',
  }));
  const { purposes, evidence } = draft.consent;
  return {
    ...(externalIds.length === 0 ? {} : { externalIds }),
    ...(Object.keys(traits).length === 0 ? {} : { traits }),
    ...(Object.keys(draft.scores).length === 0 ? {} : { scores: draft.scores }),
    ...(Object.keys(purposes).length === 0 ? {} : { consent: { categoryPreferences: purposes, evidence } }),
  };
}
