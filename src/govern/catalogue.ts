import type { PersonalField, Stage } from '../kernel/stage.ts';

type Manifest = Pick<Stage, 'personal_fields' | 'plain_fields'>;

/** Every field that holds data about a person, from all manifests, in the order of their names. */
export const catalogue = (manifests: readonly Manifest[]): readonly PersonalField[] =>
  manifests.flatMap((m) => m.personal_fields).sort((a, b) => (a.field < b.field ? -1 : 1));

/** Columns (`table.column`) that no manifest lists, neither as personal nor as plain. Must stay empty. */
export function uncatalogued(columns: readonly string[], manifests: readonly Manifest[]): readonly string[] {
  const listed = new Set(
    manifests.flatMap((m) => [...m.personal_fields, ...m.plain_fields].map((f) => f.field)),
  );
  return columns.filter((column) => !listed.has(column));
}

/** Fields that more than one entry lists: a column has one owner and one entry. */
export function listedTwice(manifests: readonly Manifest[]): readonly string[] {
  const fields = manifests.flatMap((m) => [...m.personal_fields, ...m.plain_fields].map((f) => f.field));
  return [...new Set(fields.filter((field, i) => fields.indexOf(field) !== i))];
}
