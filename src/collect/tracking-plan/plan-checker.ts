import type { QuarantineReason } from '../contract.ts';
import type { Source } from '../sources/source.ts';

export interface PlanViolation {
  /** `properties.price`. */
  readonly path: string;
  /** JSON Schema keyword, or `unknown_event`. */
  readonly rule: string;
  /** One sentence for the person who must act. */
  readonly message: string;
  readonly action: 'allow' | 'strip' | 'quarantine';
}

export interface PlanSubject {
  readonly type: string;
  readonly event: string;
  /** From `context.protocols.event_version`, when the client names one. */
  readonly event_version?: string;
  readonly properties: Record<string, unknown>;
  readonly traits: Record<string, unknown>;
}

export interface PlanVerdict {
  /** `name@version`, empty when no plan covers the source. */
  readonly plan: string;
  readonly violations: readonly PlanViolation[];
  /** As given, or a copy without the stripped fields. */
  readonly properties: Record<string, unknown>;
  readonly traits: Record<string, unknown>;
  /** Set when the event must go to quarantine. */
  readonly quarantine?: { readonly reason: QuarantineReason; readonly detail: string; readonly path: string };
}

export interface PlanChecker {
  /** Pure but for the released plans in memory; a few microseconds an event. */
  check(source: Source, subject: PlanSubject): PlanVerdict;
}
