/** Judgements and approvals in the control database, remembered: they are asked for with every list. */
import { newId } from '../../kernel/ids.ts';
import { param, sql, table } from '../../kernel/sql.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import type { SensitivityFinding } from '../validate/judge-sensitivity.ts';
import type { Judgement } from './decide-use.ts';

const JUDGEMENTS = table('segment_judgements');
const APPROVALS = table('segment_use_approvals');

export interface KeptApproval {
  readonly id: string;
  readonly segment: string;
  readonly definition_version: number;
  readonly basis: string;
  readonly findings: readonly SensitivityFinding[];
  readonly reason: string;
  readonly approved_at: string;
  readonly approver_id: string;
  readonly approver_name: string;
  readonly withdrawn_at: string | null;
  readonly withdrawn_by_name: string | null;
  readonly withdrawn_reason: string | null;
}

export interface Withdrawal {
  readonly at: string;
  readonly by_id: string;
  readonly by_name: string;
  readonly reason: string;
}

export interface UseStore {
  /** By segment. */
  judgements(): Promise<ReadonlyMap<string, Judgement>>;
  judge(judgements: readonly Judgement[]): Promise<void>;
  /** They are to be judged anew. */
  forget(segments: readonly string[]): Promise<void>;
  /** By segment, newest first: those that nobody withdrew. */
  standing(): Promise<ReadonlyMap<string, readonly KeptApproval[]>>;
  /** Newest first, withdrawn ones included. */
  approvals(segment: string): Promise<KeptApproval[]>;
  approve(approval: Omit<KeptApproval, 'id' | `withdrawn_${string}`>): Promise<void>;
  /** All that stand for the segment. */
  withdraw(segment: string, withdrawal: Withdrawal): Promise<void>;
}

interface JudgementRow extends Pick<Judgement, 'segment' | 'basis' | 'work' | 'marks' | 'judged_at'> {
  readonly report: string;
}
type ApprovalRow = Omit<KeptApproval, 'findings'> & { readonly findings: string };

/** The only writer of its tables. */
export function createUseStore(control: ControlDb): UseStore {
  let judged: Promise<Map<string, Judgement>> | undefined;
  let standing: Promise<Map<string, KeptApproval[]>> | undefined;

  const judgements = (): Promise<Map<string, Judgement>> => {
    judged ??= control
      .all<JudgementRow>(sql`SELECT * FROM ${JUDGEMENTS}`)
      .then((rows) => new Map(rows.map((row) => [row.segment, judgementOf(row)])));
    // A read that failed is tried again.
    judged.catch(() => (judged = undefined));
    return judged;
  };
  const byAge = async (rows: Promise<ApprovalRow[]>): Promise<KeptApproval[]> =>
    (await rows).map(({ findings, ...row }) => ({ ...row, findings: JSON.parse(findings) }));

  return {
    judgements,
    async judge(fresh) {
      const all = await judgements();
      await control.transaction(async (tx) => {
        for (const one of fresh) {
          const { segment, basis, work, marks, judged_at, findings, checked, unchecked } = one;
          await tx.run(sql`DELETE FROM ${JUDGEMENTS} WHERE segment = ${segment}`);
          await tx.run(sql`INSERT INTO ${JUDGEMENTS} (segment, basis, work, marks, judged_at, report)
            VALUES (${segment}, ${basis}, ${work}, ${marks}, ${judged_at}, ${JSON.stringify({ findings, checked, unchecked })})`);
        }
      });
      for (const one of fresh) all.set(one.segment, one);
    },
    async forget(segments) {
      const all = await judgements();
      for (const segment of segments) {
        if (all.delete(segment)) await control.run(sql`DELETE FROM ${JUDGEMENTS} WHERE segment = ${segment}`);
      }
    },
    standing() {
      standing ??= byAge(
        control.all<ApprovalRow>(
          sql`SELECT * FROM ${APPROVALS} WHERE withdrawn_at IS NULL ORDER BY approved_at DESC, id DESC`,
        ),
      ).then((rows) => Map.groupBy(rows, (row) => row.segment));
      standing.catch(() => (standing = undefined));
      return standing;
    },
    approvals: (segment) =>
      byAge(
        control.all<ApprovalRow>(
          sql`SELECT * FROM ${APPROVALS} WHERE segment = ${segment} ORDER BY approved_at DESC, id DESC LIMIT 50`,
        ),
      ),
    async approve({ segment, definition_version, basis, findings, reason, approved_at, ...by }) {
      await control.run(sql`
        INSERT INTO ${APPROVALS} (id, segment, definition_version, basis, findings, reason, approved_at, approver_id, approver_name)
        VALUES (${newId('use')}, ${segment}, ${definition_version}, ${basis}, ${JSON.stringify(findings)}, ${reason},
                ${approved_at}, ${by.approver_id}, ${by.approver_name})`);
      standing = undefined;
    },
    async withdraw(segment, { at, by_id, by_name, reason }) {
      await control.run(sql`
        UPDATE ${APPROVALS} SET withdrawn_at = ${param(at, 'String')}, withdrawn_by_id = ${by_id},
          withdrawn_by_name = ${by_name}, withdrawn_reason = ${reason}
        WHERE segment = ${segment} AND withdrawn_at IS NULL`);
      standing = undefined;
    },
  };
}

const judgementOf = ({ report, ...row }: JudgementRow): Judgement => ({ ...row, ...JSON.parse(report) });
