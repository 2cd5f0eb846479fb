/** Whether a segment may be used, from what the guard found and what somebody approved. */
import type { SensitivityFinding } from '../validate/judge-sensitivity.ts';

/** A segment as it is judged. */
export interface Subject {
  readonly segment: string;
  readonly definition: { readonly kind: string; readonly name: string; readonly version: number };
  /** Changes with what an approval is about: what decides who is in it, and what it is for. */
  readonly basis: string;
  /** Which working-out its members come from; undefined until it was worked out for everybody. */
  readonly work: string | undefined;
  /** Sensitive by its own word: then its release needed an approval, and that covers the fields that it names. */
  readonly declared_fields: readonly string[];
}

export interface Judgement {
  readonly segment: string;
  readonly basis: string;
  readonly work: string;
  /** Of the fields that were marked as sensitive then. */
  readonly marks: string;
  readonly judged_at: string;
  readonly findings: readonly SensitivityFinding[];
  readonly checked: { readonly fields: number; readonly traits: readonly string[] };
  readonly unchecked: readonly { readonly trait: string; readonly reason: string }[];
}

export interface Approval {
  readonly basis: string;
  /** As they were when somebody approved them. */
  readonly findings: readonly SensitivityFinding[];
}

/**
 * `pending`: not judged yet, so not given out. `free`: nothing sensitive was found. `approved`: what was found is covered.
 * `held`: something is not.
 */
export type UseState = 'pending' | 'free' | 'approved' | 'held';

export interface Decision {
  readonly state: UseState;
  /** Findings that no approval covers. */
  readonly open: readonly SensitivityFinding[];
}

/** `approvals`: those that nobody withdrew, newest first. One of the same rule and purpose counts, also after a way back. */
export function decideUse(
  subject: Subject,
  judgement: Judgement | undefined,
  approvals: readonly Approval[],
): Decision {
  if (subject.work === undefined || judgement === undefined || judgement.basis !== subject.basis)
    return { state: 'pending', open: [] };
  const { findings } = judgement;
  const covers = approvals.find(({ basis }) => basis === subject.basis)?.findings ?? [];
  const open = findings.filter(
    (finding) => !subject.declared_fields.includes(finding.field) && !isCovered(finding, covers),
  );
  if (findings.length === 0) return { state: 'free', open };
  return { state: open.length === 0 ? 'approved' : 'held', open };
}

/** Who approved that a field is used has approved that membership tells it: it does. The other way round it is more. */
const isCovered = (finding: SensitivityFinding, approved: readonly SensitivityFinding[]): boolean =>
  approved.some(
    (one) =>
      one.field === finding.field &&
      (one.kind === 'uses' || (finding.kind === 'predicts' && !isStronger(one, finding))),
  );

/** An association that is this much stronger, with its whole interval, is another one. On the scale of the measure. */
export const MATERIAL = 0.05;

/** Not shown by chance alone, and by more than nobody would notice. What is measured otherwise cannot be compared. */
function isStronger(approved: SensitivityFinding, now: SensitivityFinding): boolean {
  if (approved.strength === null || now.strength === null || approved.measure !== now.measure) return true;
  const [was, is] = [approved.strength, now.strength];
  if (was.value === null || is.value === null) return true;
  if (now.measure !== 'auc') return is.low > was.value + MATERIAL;
  // Low values inside instead of high ones: membership says the opposite.
  if (was.value > 0.5 !== is.value > 0.5) return true;
  return was.value > 0.5 ? is.low > was.value + MATERIAL : is.high < was.value - MATERIAL;
}
