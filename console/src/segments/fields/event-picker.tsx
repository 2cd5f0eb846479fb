import { Autocomplete, Group, Select } from '@mantine/core';
import { useBuilder } from '../builder-context.ts';

const KINDS = [
  { value: 'track', label: 'did' },
  { value: 'page', label: 'saw page' },
  { value: 'screen', label: 'saw screen' },
  { value: 'identify', label: 'was identified' },
  { value: 'group', label: 'joined group' },
  { value: 'any', label: 'any event' },
];

interface Props {
  readonly label: string;
  readonly event: unknown;
  readonly type: unknown;
  readonly error: string | undefined;
  readonly onChange: (patch: { readonly event?: unknown; readonly type?: unknown }) => void;
}

/** Which event: its kind, and its name with those that were seen. */
export function EventPicker({ label, event, type, error, onChange }: Props) {
  const { events } = useBuilder().catalogue;
  const kind = typeof type === 'string' ? type : 'track';
  const names = events
    .filter((each) => each.event !== '' && (kind === 'any' || each.type === kind))
    .sort((a, b) => b.seen_30d - a.seen_30d)
    .map((each) => each.event);
  return (
    <Group gap={6} wrap="nowrap" align="flex-start" style={{ flex: '1 1 260px' }}>
      <Select
        aria-label={`${label}: kind`}
        w={122}
        allowDeselect={false}
        data={KINDS.some((each) => each.value === kind) ? KINDS : [...KINDS, { value: kind, label: kind }]}
        value={kind}
        onChange={(next) => onChange({ type: next === 'track' ? undefined : (next ?? undefined) })}
      />
      {(kind === 'track' || kind === 'page' || kind === 'screen') && (
        <Autocomplete
          size="xs"
          aria-label={label}
          placeholder={kind === 'track' ? 'any event' : `any ${kind}`}
          style={{ flex: 1, minWidth: 110 }}
          data={[...new Set(names)]}
          limit={30}
          value={typeof event === 'string' ? event : ''}
          error={error}
          onChange={(text) => onChange({ event: text === '' ? undefined : text })}
        />
      )}
    </Group>
  );
}
