/** The body of a `tracking-plan` definition, as a team writes it. */
import { z } from 'zod';

export const PLANNED_TYPES = ['track', 'identify', 'page', 'screen', 'group'] as const;
export const ON_VIOLATION = ['quarantine', 'strip', 'allow'] as const;
export type OnViolation = (typeof ON_VIOLATION)[number];

const MAX_EVENTS = 1_000;

const eventSchema = z.strictObject({
  /** Empty for identify and group; for a page or screen, every one without an entry of its own. */
  event: z.string().max(200).default(''),
  type: z.enum(PLANNED_TYPES).default('track'),
  version: z
    .string('must be text: put the version in quotes')
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._+-]{0,39}$/,
      'must be 1 to 40 letters, digits, dots, hyphens, pluses or underscores',
    )
    .default('1'),
  description: z.string().max(2_000).optional(),
  on_violation: z.enum(ON_VIOLATION).optional(),
  schema: z.record(z.string(), z.unknown()),
});

const planSchema = z.strictObject({
  description: z.string().max(2_000).optional(),
  on_violation: z.enum(ON_VIOLATION).default('quarantine'),
  events: z.array(eventSchema).max(MAX_EVENTS, `a plan has at most ${MAX_EVENTS} events`),
});

export type Plan = z.infer<typeof planSchema>;
export type PlannedEvent = z.infer<typeof eventSchema>;
export interface PlanProblem {
  /** `events[3].schema.properties.price.type`. */
  readonly field: string;
  readonly message: string;
}

export type ParsedPlan =
  | { readonly is: 'plan'; readonly plan: Plan }
  | { readonly is: 'refused'; readonly problems: readonly PlanProblem[] };

/** Structure only; the schemas are checked when they are compiled. */
export function parsePlan(body: unknown): ParsedPlan {
  const parsed = planSchema.safeParse(body);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({
      field: fieldPath(issue.path),
      message: issue.message,
    }));
    return { is: 'refused', problems };
  }
  const problems = parsed.data.events.flatMap((event, i) => nameProblems(event, i, parsed.data.events));
  return problems.length > 0 ? { is: 'refused', problems } : { is: 'plan', plan: parsed.data };
}

function nameProblems(event: PlannedEvent, i: number, all: readonly PlannedEvent[]): PlanProblem[] {
  const field = `events[${i}].event`;
  if (event.type === 'track' && event.event === '')
    return [{ field, message: 'name the event of a track call' }];
  if ((event.type === 'identify' || event.type === 'group') && event.event !== '') {
    return [{ field, message: `leave it out: ${event.type} calls have no event name` }];
  }
  const first = all.findIndex(
    (one) => one.event === event.event && one.type === event.type && one.version === event.version,
  );
  if (first === i) return [];
  return [
    { field, message: `is the same event, type and version as events[${first}]: give it another version` },
  ];
}

const fieldPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
