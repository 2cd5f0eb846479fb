import { Autocomplete } from '@mantine/core';
import { useBuilder } from '../builder-context.ts';

interface Props {
  readonly value: unknown;
  readonly error: string | undefined;
  readonly onChange: (trait: string | undefined) => void;
}

/** A trait by name; those that people have are offered, what Plumbline keeps apart. */
export function TraitPicker({ value, error, onChange }: Props) {
  const { traits } = useBuilder().catalogue;
  const names = traits.map((trait) => trait.name);
  return (
    <Autocomplete
      size="xs"
      aria-label="Trait"
      placeholder="Trait"
      style={{ flex: '1 1 180px' }}
      limit={100}
      data={[
        { group: 'Said and computed', items: names.filter((name) => !name.startsWith('$')) },
        { group: 'Kept by Plumbline', items: names.filter((name) => name.startsWith('$')) },
      ]}
      value={typeof value === 'string' ? value : ''}
      error={error}
      onChange={(text) => onChange(text === '' ? undefined : text)}
    />
  );
}
