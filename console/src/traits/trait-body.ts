/** The body of a `computed-trait` definition as the form holds it. */
export interface TraitForm {
  readonly calc: string;
  readonly label: string;
  readonly unit: string;
  readonly description: string;
  readonly events: readonly string[];
  readonly type: string;
  readonly where: readonly TraitCondition[];
  readonly property: string;
  readonly window_days: number | undefined;
  readonly bots: boolean;
  readonly sql: string;
  readonly every_hours: number;
}

export interface TraitCondition {
  readonly property: string;
  readonly is: string;
  readonly value?: unknown;
}

export const CALCS = [
  { value: 'count', label: 'Number of events', property: false },
  { value: 'sum', label: 'Sum of a property', property: true },
  { value: 'average', label: 'Average of a property', property: true },
  { value: 'min', label: 'Lowest of a property', property: true },
  { value: 'max', label: 'Highest of a property', property: true },
  { value: 'first', label: 'First value of a property', property: true },
  { value: 'last', label: 'Last value of a property', property: true },
  { value: 'most_frequent', label: 'Most frequent value of a property', property: true },
  { value: 'unique_list', label: 'List of different values', property: true },
  { value: 'days_since', label: 'Days since the last event', property: false },
  { value: 'sql', label: 'Own SQL query', property: false },
] as const;

const STARTER_SQL = `SELECT {person} AS person, countIf(event = 'Order Completed') AS value
FROM {events}
GROUP BY person`;

type Body = Readonly<Record<string, unknown>>;

export function readTrait(body: unknown): TraitForm {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Body;
  const of = (given['of'] ?? {}) as Body;
  const text = (from: Body, key: string, without = '') =>
    typeof from[key] === 'string' ? (from[key] as string) : without;
  const list = (value: unknown): string[] =>
    Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];
  return {
    calc: text(given, 'calc', 'count'),
    label: text(given, 'label'),
    unit: text(given, 'unit'),
    description: text(given, 'description'),
    events: list(of['event']),
    type: list(of['type'])[0] ?? '',
    where: Array.isArray(of['where']) ? (of['where'] as TraitCondition[]) : [],
    property: text(given, 'property'),
    window_days: typeof given['window_days'] === 'number' ? given['window_days'] : undefined,
    bots: given['bots'] === true,
    sql: text(given, 'sql', STARTER_SQL),
    every_hours: typeof given['every_hours'] === 'number' ? given['every_hours'] : 24,
  };
}

export function writeTrait(form: TraitForm): object {
  const told = Object.fromEntries(
    (['description', 'label', 'unit'] as const).flatMap((key) =>
      form[key] === '' ? [] : [[key, form[key]]],
    ),
  );
  if (form.calc === 'sql') return { ...told, calc: 'sql', sql: form.sql, every_hours: form.every_hours };
  const [event, ...more] = form.events;
  const of = {
    ...(event === undefined ? {} : { event: more.length === 0 ? event : form.events }),
    ...(form.type === '' ? {} : { type: form.type }),
    ...(form.where.length === 0 ? {} : { where: form.where }),
  };
  return {
    ...told,
    calc: form.calc,
    of,
    ...(needsProperty(form.calc) && form.property !== '' ? { property: form.property } : {}),
    ...(form.window_days === undefined ? {} : { window_days: form.window_days }),
    ...(form.bots ? { bots: true } : {}),
  };
}

export function needsProperty(calc: string): boolean {
  return CALCS.find((each) => each.value === calc)?.property === true;
}

/** What is missing before it can be previewed, in words; empty when nothing is. */
export function missing(form: TraitForm): string {
  if (form.calc === 'sql') return form.sql.trim().length < 10 ? 'Write the query.' : '';
  if (form.events.length === 0 && form.type === '') return 'Say which events count.';
  if (needsProperty(form.calc) && form.property.trim() === '') return 'Name the property.';
  const open = form.where.some(
    ({ property, is, value }) =>
      property.trim() === '' ||
      (is !== 'is_set' && is !== 'not_set' && (value === undefined || value === '')),
  );
  return open ? 'Complete the condition, or remove it.' : '';
}

/** 'Sum of total of Order Completed in the last 90 days'. */
export function traitWords(form: TraitForm): string {
  if (form.calc === 'sql') return `Own SQL query, every ${form.every_hours} hours`;
  const what = CALCS.find((each) => each.value === form.calc)?.label ?? form.calc;
  const named = needsProperty(form.calc)
    ? what.replace(/(a property|different values)$/, form.property)
    : what;
  const events = form.events.length > 0 ? form.events.join(' or ') : `any ${form.type}`;
  const window = form.window_days === undefined ? '' : ` in the last ${form.window_days} days`;
  const where = form.where.length === 0 ? '' : ', under conditions';
  return `${named}, ${events}${window}${where}`;
}
