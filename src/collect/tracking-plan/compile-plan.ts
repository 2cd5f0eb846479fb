import { compareVersions } from './compare-versions.ts';
import { type CompiledSchema, compileSchema } from './compile-schema.ts';
import { type OnViolation, type PlannedEvent, type PlanProblem, parsePlan } from './plan-body.ts';

export interface CompiledEvent {
  /** `shop@2`. */
  readonly label: string;
  readonly version: string;
  readonly on_violation: OnViolation;
  readonly schema: CompiledSchema;
}

/** The versions of one event, newest first; at least one. */
export interface CompiledVersions {
  readonly newest: CompiledEvent;
  readonly by_version: ReadonlyMap<string, CompiledEvent>;
}

export interface CompiledPlan {
  readonly name: string;
  readonly on_violation: OnViolation;
  /** By type, then by event name. */
  readonly types: ReadonlyMap<string, ReadonlyMap<string, CompiledVersions>>;
}

export type PlanCompilation =
  | { readonly is: 'compiled'; readonly plan: CompiledPlan }
  | { readonly is: 'refused'; readonly problems: readonly PlanProblem[] };

/** Validators for every event of a plan, or every problem that it has. */
export function compilePlan(body: unknown, name: string): PlanCompilation {
  const parsed = parsePlan(body);
  if (parsed.is === 'refused') return parsed;
  const { plan } = parsed;
  const problems: PlanProblem[] = [];
  const compiled: (CompiledEvent & { planned: PlannedEvent })[] = [];
  for (const [i, planned] of plan.events.entries()) {
    const result = compileSchema(planned.schema);
    if (result.is === 'refused') {
      problems.push(
        ...result.problems.map(({ field, message }) => ({
          field: joinField(`events[${i}].schema`, field),
          message,
        })),
      );
    } else {
      const on_violation = planned.on_violation ?? plan.on_violation;
      const label = `${name}@${planned.version}`;
      compiled.push({ label, version: planned.version, on_violation, schema: result.schema, planned });
    }
  }
  if (problems.length > 0) return { is: 'refused', problems };
  const types = new Map<string, ReadonlyMap<string, CompiledVersions>>();
  for (const [type, ofType] of Map.groupBy(compiled, (one) => one.planned.type)) {
    const names = Map.groupBy(ofType, (one) => one.planned.event);
    types.set(type, new Map([...names].map(([event, versions]) => [event, orderVersions(versions)])));
  }
  return { is: 'compiled', plan: { name, on_violation: plan.on_violation, types } };
}

const joinField = (base: string, field: string): string => (field === '' ? base : `${base}.${field}`);

function orderVersions(versions: readonly CompiledEvent[]): CompiledVersions {
  const newest = versions.reduce((a, b) => (compareVersions(a.version, b.version) >= 0 ? a : b));
  return { newest, by_version: new Map(versions.map((one) => [one.version, one])) };
}
