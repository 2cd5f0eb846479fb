import type { Definitions, ReleasedDefinition } from '../../govern/contract.ts';
import { type Logger, silentLogger } from '../../kernel/logger.ts';
import type { Source } from '../sources/source.ts';
import { type CompiledEvent, type CompiledPlan, type CompiledVersions, compilePlan } from './compile-plan.ts';
import { describeViolations, type Finding } from './describe-violation.ts';
import type { PlanChecker, PlanSubject, PlanVerdict, PlanViolation } from './plan-checker.ts';
import { stripFields } from './strip-fields.ts';
import { TRACKING_PLAN } from './tracking-plan-kind.ts';

const NO_VIOLATIONS: readonly PlanViolation[] = [];
/** An event is told about this many different violations. */
const MAX_VIOLATIONS = 20;

/**
 * Checks events against the tracking plans of the current release; follows every release and rollback. A plan whose
 * version did not change keeps its validators.
 */
export function createPlanChecker(definitions: Definitions, logger: Logger = silentLogger): PlanChecker {
  let plans = new Map<string, CompiledPlan>();
  let versions = new Map<string, number>();
  let release = -1;
  const follow = () => {
    release = definitions.release();
    const released = definitions.current(TRACKING_PLAN);
    const next = new Map<string, CompiledPlan>();
    for (const definition of released) {
      const known =
        versions.get(definition.name) === definition.version ? plans.get(definition.name) : undefined;
      const plan = known ?? compileReleased(definition, logger);
      if (plan !== undefined) next.set(definition.name, plan);
    }
    plans = next;
    versions = new Map(released.map((definition) => [definition.name, definition.version]));
  };
  definitions.onRelease(follow);
  return {
    check: (source, subject) => {
      // The first release is read from disk after this checker was made.
      if (definitions.release() !== release) follow();
      const { tracking_plan, unknown_events } = source.settings;
      if (tracking_plan === null) return unchecked(subject);
      const plan = plans.get(tracking_plan);
      const event = plan === undefined ? undefined : findEvent(plan, subject);
      if (event === undefined) {
        const refused = unknown_events === 'quarantine' && subject.type === 'track';
        return refused ? unknownEvent(tracking_plan, plan, subject) : unchecked(subject);
      }
      return checkEvent(source, event, subject);
    },
  };
}

/** A body is checked before its release; one that a later program refuses counts as not released. */
function compileReleased(definition: ReleasedDefinition, logger: Logger): CompiledPlan | undefined {
  const result = compilePlan(definition.body, definition.name);
  if (result.is === 'compiled') return result.plan;
  const { name, version } = definition;
  logger.error(
    { name, version, problem: result.problems[0] },
    'released tracking plan does not compile and is left out',
  );
  return undefined;
}

const unchecked = ({ properties, traits }: PlanSubject): PlanVerdict => ({
  plan: '',
  violations: NO_VIOLATIONS,
  properties,
  traits,
});

/** Identify and group calls have one entry; a page or screen without its own takes the unnamed one. */
function findEvent(plan: CompiledPlan, subject: PlanSubject): CompiledVersions | undefined {
  const names = plan.types.get(subject.type);
  if (names === undefined) return undefined;
  if (subject.type === 'track') return names.get(subject.event);
  if (subject.type === 'page' || subject.type === 'screen') return names.get(subject.event) ?? names.get('');
  return names.get('');
}

function checkEvent(source: Source, versions: CompiledVersions, subject: PlanSubject): PlanVerdict {
  const event =
    subject.event_version === undefined ? versions.newest : versions.by_version.get(subject.event_version);
  if (event === undefined) return unknownVersion(source, versions, subject);
  const root = subject.type === 'identify' || subject.type === 'group' ? 'traits' : 'properties';
  const value = subject[root];
  if (event.schema.holds(value)) {
    return {
      plan: event.label,
      violations: NO_VIOLATIONS,
      properties: subject.properties,
      traits: subject.traits,
    };
  }
  const { errors, complete } = event.schema.violations(value);
  const findings = describeViolations(errors, root, value);
  const action = source.settings.on_violation ?? event.on_violation;
  if (action !== 'strip') return verdict(event.label, findings, action, subject);
  return strip(event, findings, complete, root, subject);
}

/** Removes the offending properties; what then still breaks the plan goes to quarantine as it came. */
function strip(
  event: CompiledEvent,
  findings: readonly Finding[],
  complete: boolean,
  root: 'properties' | 'traits',
  subject: PlanSubject,
): PlanVerdict {
  const unstrippable = findings.find((finding) => finding.strip === undefined);
  if (unstrippable !== undefined) {
    return verdict(
      event.label,
      findings,
      'quarantine',
      subject,
      unstrippable,
      'nothing can be stripped to mend this',
    );
  }
  if (!complete) {
    return verdict(
      event.label,
      findings,
      'quarantine',
      subject,
      findings[0],
      'the event is too large to strip field by field',
    );
  }
  const mended = stripFields(
    subject[root],
    findings.flatMap((finding) => (finding.strip === undefined ? [] : [finding.strip])),
  );
  if (event.schema.holds(mended)) {
    return verdict(event.label, findings, 'strip', { ...subject, [root]: mended });
  }
  const [left] = describeViolations(event.schema.violations(mended).errors, root, mended);
  const all = left === undefined ? findings : [...findings, left];
  return verdict(
    event.label,
    all,
    'quarantine',
    subject,
    findings[0],
    `without it ${left?.message ?? 'the event breaks the plan'}`,
  );
}

/** `main` is what the quarantine names; `because` why stripping was not enough. */
function verdict(
  plan: string,
  findings: readonly Finding[],
  action: PlanViolation['action'],
  subject: PlanSubject,
  main: Finding | undefined = findings[0],
  because?: string,
): PlanVerdict {
  const distinct = new Map<string, PlanViolation>();
  for (const { path, rule, message } of findings) {
    if (distinct.size >= MAX_VIOLATIONS) break;
    distinct.set(`${path} ${message}`, { path, rule, message, action });
  }
  const { properties, traits } = subject;
  const base = { plan, violations: [...distinct.values()], properties, traits };
  if (action !== 'quarantine') return base;
  const message = main?.message ?? 'the event breaks the tracking plan';
  const detail = because === undefined ? message : `${message}; ${because}`;
  return { ...base, quarantine: { reason: 'schema_violation', detail, path: main?.path ?? '' } };
}

function unknownEvent(name: string, plan: CompiledPlan | undefined, subject: PlanSubject): PlanVerdict {
  const message =
    plan === undefined
      ? `The tracking plan ${name} of this source is not released, so no event is known: release it, or allow unknown events.`
      : `This event is not in the tracking plan ${name}: add it there, or allow unknown events for the source.`;
  return {
    ...unchecked(subject),
    violations: [{ path: 'event', rule: 'unknown_event', message, action: 'quarantine' }],
    quarantine: { reason: 'unknown_event', detail: message, path: 'event' },
  };
}

const VERSION_PATH = 'context.protocols.event_version';

/** There is nothing to strip, so `strip` becomes quarantine. */
function unknownVersion(source: Source, versions: CompiledVersions, subject: PlanSubject): PlanVerdict {
  const { newest, by_version } = versions;
  const known = [...by_version.keys()].slice(0, 10).join(', ');
  const finding: Finding = {
    path: VERSION_PATH,
    rule: 'event_version',
    message: `${VERSION_PATH} names a version that the plan does not have; it has ${known}`,
    strip: undefined,
  };
  const wanted = source.settings.on_violation ?? newest.on_violation;
  return verdict('', [finding], wanted === 'allow' ? 'allow' : 'quarantine', subject);
}
