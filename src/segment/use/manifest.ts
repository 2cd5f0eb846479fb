import type { PersonalField, PlainField } from '../../kernel/stage.ts';

/** Of those who run Plumbline: findings are about audiences, never about a person. */
const account = (column: string, category: PersonalField['category'] = 'account'): PersonalField => ({
  field: `segment_use_approvals.${column}`,
  category,
  purposes: ['accountability'],
  lawful_basis: 'legitimate-interest',
  retention_days: null,
  sensitive: false,
});

export const personalFields: readonly PersonalField[] = [
  account('approver_id', 'identifier'),
  account('approver_name'),
  account('reason', 'free-form'),
  account('withdrawn_by_id', 'identifier'),
  account('withdrawn_by_name'),
  account('withdrawn_reason', 'free-form'),
];

const plain = (table: string, columns: readonly string[]): PlainField[] =>
  columns.map((column) => ({ field: `${table}.${column}` }));

export const plainFields: readonly PlainField[] = [
  ...plain('segment_judgements', ['segment', 'basis', 'work', 'marks', 'judged_at', 'report']),
  ...plain('segment_use_approvals', [
    'id',
    'segment',
    'definition_version',
    'basis',
    'findings',
    'approved_at',
    'withdrawn_at',
  ]),
];
