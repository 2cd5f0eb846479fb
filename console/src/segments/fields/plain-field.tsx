import { NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import type { FieldSchema } from '../../api/segment-rules.ts';

interface Props {
  readonly name: string;
  readonly schema: FieldSchema;
  readonly value: unknown;
  readonly required: boolean;
  readonly suggestions: readonly string[];
  readonly error: string | undefined;
  readonly onChange: (value: unknown) => void;
}

/** A field by its JSON schema: a choice, a number, a list of texts, yes or no, a text. */
export function PlainField({ name, schema, value, required, suggestions, error, onChange }: Props) {
  const label = words(name);
  const hint = schema.description;
  if (schema.enum !== undefined) {
    return (
      <Select
        aria-label={label}
        w={150}
        placeholder={label}
        allowDeselect={!required}
        data={schema.enum.map((each) => ({ value: each, label: words(each).toLowerCase() }))}
        value={typeof value === 'string' ? value : null}
        error={error}
        onChange={(next) => onChange(next ?? undefined)}
      />
    );
  }
  if (schema.type === 'number' || schema.type === 'integer') {
    return (
      <NumberInput
        aria-label={label}
        placeholder={label}
        w={110}
        allowDecimal={schema.type === 'number'}
        value={typeof value === 'number' ? value : ''}
        error={error}
        onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
      />
    );
  }
  if (schema.type === 'boolean') {
    return (
      <Switch
        label={label}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if (schema.type === 'array') {
    return (
      <TagsInput
        size="xs"
        label={label}
        placeholder="any"
        style={{ flex: '1 1 180px' }}
        data={[...suggestions]}
        value={Array.isArray(value) ? value.map(String) : []}
        error={error}
        {...(hint === undefined ? {} : { title: hint })}
        onChange={(next) => onChange(next.length === 0 ? undefined : next)}
      />
    );
  }
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      style={{ flex: '1 1 140px' }}
      value={typeof value === 'string' ? value : ''}
      error={error}
      {...(hint === undefined ? {} : { title: hint })}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}

const OWN: Readonly<Record<string, string>> = {
  ids: 'Which ones',
  os: 'Operating system',
  device_type: 'Type of device',
  timezone: 'Time zone',
  type: 'Kind of group',
  longest_minutes: 'Minutes of the longest',
  min: 'Lowest',
  max: 'Highest',
};

/** `device_type` as Type of device. */
export function words(name: string): string {
  const own = OWN[name];
  if (own !== undefined) return own;
  const plain = name.replaceAll('_', ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
