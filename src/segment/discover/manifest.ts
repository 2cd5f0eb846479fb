import type { PersonalField, PlainField } from '../../kernel/stage.ts';

/** Kept for the newest run only; older rows go with the next one. */
const behaviour = (field: string, category: PersonalField['category'] = 'behaviour'): PersonalField => ({
  field,
  category,
  purposes: ['analytics', 'personalisation'],
  lawful_basis: 'consent',
  retention_days: 395,
  sensitive: false,
});

export const personalFields: readonly PersonalField[] = [
  behaviour('segmentation_features.person', 'identifier'),
  behaviour('segmentation_features.values'),
  behaviour('segmentation_assignments.person', 'identifier'),
  behaviour('segmentation_assignments.cluster'),
  // A density model keeps the features of people in its sample, without who they are.
  behaviour('segmentation_runs.model'),
];

const plain = (table: string, columns: readonly string[]): PlainField[] =>
  columns.map((column) => ({ field: `${table}.${column}` }));

export const plainFields: readonly PlainField[] = [
  ...plain('segmentation_features', ['segmentation', 'run']),
  ...plain('segmentation_assignments', ['segmentation', 'run']),
  ...plain('segmentation_runs', ['id', 'segmentation', 'definition_version', 'at', 'result']),
  ...plain('segmentation_drift', ['id', 'segmentation', 'at', 'result']),
  ...plain('segmentation_titles', ['segmentation', 'cluster', 'title']),
  ...plain('segmentation_keys', ['segmentation', 'cluster', 'first_run']),
];
