import { Group, Select, TextInput } from '@mantine/core';
import { useIdentifierTypes } from '../api/identity.ts';
import type { ImportKind, ImportPreview, Mapping, Target, ValueType } from '../api/imports.ts';
import { VALUE_TYPES } from '../api/imports.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { choiceOf, choicesFor, isScoreName, targetOf } from './targets.ts';

interface Props {
  readonly preview: ImportPreview;
  readonly mapping: Mapping;
  readonly kind: ImportKind;
  readonly onChange: (mapping: Mapping) => void;
}

const IGNORED: Target = { to: 'ignore' };

/** One row a column: examples, what it becomes, and the details of that. */
export function ColumnMapper({ preview, mapping, kind, onChange }: Props) {
  const types = useIdentifierTypes();
  return (
    <ScrollTable label="Columns" min_width={820}>
      <thead>
        <tr>
          <th>Column</th>
          <th>Examples</th>
          <th style={{ width: 210 }}>Becomes</th>
          <th>Details</th>
        </tr>
      </thead>
      <tbody>
        {preview.columns.map((column) => {
          const target = mapping[column] ?? IGNORED;
          const set = (next: Target) => onChange({ ...mapping, [column]: next });
          return (
            <tr key={column} style={target.to === 'ignore' ? { color: 'var(--mantine-color-dimmed)' } : {}}>
              <td>
                <strong>{column}</strong>
              </td>
              <td style={{ maxWidth: 220 }}>
                <span className="pl-truncate">{examples(preview, column)}</span>
              </td>
              <td>
                <Select
                  aria-label={`${column} becomes`}
                  allowDeselect={false}
                  data={choicesFor(kind, target, types)}
                  value={choiceOf(target)}
                  onChange={(choice) => set(targetOf(choice ?? 'ignore', column, target))}
                />
              </td>
              <td>
                <Details column={column} target={target} set={set} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </ScrollTable>
  );
}

function examples(preview: ImportPreview, column: string): string {
  const seen = preview.rows
    .map((row) => row.cells[column])
    .filter((cell) => cell !== undefined && cell !== '');
  return [...new Set(seen.map((cell) => (typeof cell === 'string' ? cell : JSON.stringify(cell))))]
    .slice(0, 3)
    .join(' · ');
}

interface DetailsProps {
  readonly column: string;
  readonly target: Target;
  readonly set: (target: Target) => void;
}

const TYPE_WORDS: Record<ValueType, string> = {
  text: 'Text',
  number: 'Number',
  boolean: 'Yes or no',
  date: 'Date',
  json: 'JSON',
};

function Details({ column, target, set }: DetailsProps) {
  switch (target.to) {
    case 'trait':
    case 'property':
      return (
        <Group gap="xs" wrap="nowrap">
          <TextInput
            aria-label={`Name of ${column}`}
            value={target.name}
            error={target.name.trim() === ''}
            onChange={(event) => set({ ...target, name: event.currentTarget.value })}
          />
          <Select
            aria-label={`Type of ${column}`}
            w={110}
            allowDeselect={false}
            data={VALUE_TYPES.map((value) => ({ value, label: TYPE_WORDS[value] }))}
            value={target.as}
            onChange={(as) => set({ ...target, as: (as ?? 'text') as ValueType })}
          />
        </Group>
      );
    case 'score':
      return (
        <TextInput
          aria-label={`Name of the score in ${column}`}
          w={160}
          value={target.name}
          error={!isScoreName(target.name)}
          onChange={(event) => set({ ...target, name: event.currentTarget.value })}
        />
      );
    case 'consent':
      return (
        <Group gap="xs" wrap="nowrap">
          <TextInput
            aria-label={`Purpose of the consent in ${column}`}
            placeholder="Purpose"
            w={120}
            value={target.purpose}
            onChange={(event) => set({ ...target, purpose: event.currentTarget.value })}
          />
          <TextInput
            aria-label={`How the consent in ${column} was given`}
            placeholder="How it was given, e.g. newsletter form 2025"
            style={{ flex: 1 }}
            error={target.evidence.trim().length < 3}
            value={target.evidence}
            onChange={(event) => set({ ...target, evidence: event.currentTarget.value })}
          />
        </Group>
      );
    case 'group':
      return (
        <TextInput
          aria-label={`Kind of group in ${column}`}
          w={160}
          value={target.type}
          error={!/^[a-z][a-z0-9_]*$/.test(target.type)}
          onChange={(event) => set({ ...target, type: event.currentTarget.value })}
        />
      );
    case 'row_id':
      return <>A row that comes again counts once.</>;
    default:
      return null;
  }
}
