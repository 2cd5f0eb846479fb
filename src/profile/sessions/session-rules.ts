import { z } from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { fieldIssues, inWords } from '../../kernel/in-words.ts';
import type { DefinitionKind } from '../../kernel/stage.ts';
import { dayCounter, isTimeZone } from './local-day.ts';

/** When one session ends and the next begins: the body of the definition `session-rules` named `default`. */
const SessionRulesBody = z.strictObject({
  /** A longer silence than this ends a session. */
  gap_minutes: z.number().int().min(1).max(1_440).default(30),
  /** A session does not go on past midnight in `time_zone`. */
  midnight: z.boolean().default(true),
  time_zone: z
    .string()
    .default('UTC')
    .refine(isTimeZone, 'name an IANA time zone, for example Europe/Berlin'),
  /** An event that names another campaign than the session's begins a new session. */
  campaign: z.boolean().default(true),
  /** A session with more events, or a longer one, is kept apart as a runaway. */
  runaway_events: z.number().int().min(1).default(1_000),
  runaway_hours: z.number().positive().default(12),
});

type SessionRules = z.infer<typeof SessionRulesBody>;

export const SESSION_RULES_KIND = 'session-rules';

export const sessionRulesKind: DefinitionKind = {
  kind: SESSION_RULES_KIND,
  summary: 'When a session ends: silence, midnight, another campaign; and when it counts as a runaway.',
  check(body, name) {
    const { error } = SessionRulesBody.safeParse(body, { error: inWords });
    return [
      ...(name === 'default'
        ? []
        : [{ field: 'name', message: 'There is one set of rules: name it `default`.' }]),
      ...fieldIssues(error),
    ];
  },
};

/** Rules ready for use: times in milliseconds, and how much of a person's past is kept at hand. */
export interface CompiledRules {
  readonly rules: SessionRules;
  readonly gap_ms: number;
  readonly runaway_ms: number;
  /** Number of the local day; the same for the whole day. Constant when midnight does not count. */
  dayOf(ms: number): number;
  /** Sessions that ended longer than this before the person's newest leave the online store. */
  readonly keep_ms: number;
  readonly keep_sessions: number;
}

export function compileRules(body: unknown): CompiledRules {
  const rules = SessionRulesBody.parse(body ?? {});
  return {
    rules,
    gap_ms: rules.gap_minutes * MINUTE_MS,
    runaway_ms: rules.runaway_hours * HOUR_MS,
    dayOf: rules.midnight ? dayCounter(rules.time_zone) : () => 0,
    keep_ms: DAY_MS,
    keep_sessions: 6,
  };
}
