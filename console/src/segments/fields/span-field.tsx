import { Group, NumberInput, Select, TextInput } from '@mantine/core';
import type { Errors } from '../builder-context.ts';

const UNITS = ['days', 'hours', 'minutes'] as const;
type Unit = (typeof UNITS)[number];

type Span = Readonly<Record<string, unknown>>;

interface Props {
  readonly label: string;
  /** What an empty span means: 'at any time', 'however long'. */
  readonly without: string;
  /** Before the number: 'in the last', 'within'. */
  readonly lead: string;
  readonly dates: boolean;
  readonly value: Span | undefined;
  readonly errors: Errors;
  readonly onChange: (value: Span | undefined) => void;
}

/** A window or a time limit: nothing, a number of days, hours or minutes, or between two dates. */
export function SpanField({ label, without, lead, dates, value, errors, onChange }: Props) {
  const unit = UNITS.find((each) => value !== undefined && each in value);
  const kind = value === undefined ? 'none' : unit === undefined ? 'dates' : unit;
  const choose = (next: string | null) => {
    if (next === null || next === 'none') onChange(undefined);
    else if (next === 'dates') onChange({ from: new Date().toISOString().slice(0, 8).concat('01') });
    else onChange({ [next]: amountOf(value, unit) ?? (next === 'days' ? 30 : 24) });
  };
  return (
    <Group gap={6} align="flex-start">
      {unit !== undefined && (
        <NumberInput
          aria-label={`${label}: how many ${unit}`}
          w={70}
          min={1}
          value={amountOf(value, unit) ?? ''}
          error={errors.get(unit) !== undefined || errors.get('') !== undefined}
          onChange={(next) => onChange({ [unit]: typeof next === 'number' ? next : undefined })}
        />
      )}
      <Select
        aria-label={label}
        w={190}
        allowDeselect={false}
        data={[
          { value: 'none', label: without },
          ...UNITS.map((each) => ({ value: each, label: `${lead} … ${each}` })),
          ...(dates ? [{ value: 'dates', label: 'between two dates' }] : []),
        ]}
        value={kind}
        error={errors.get('') ?? (unit === undefined ? undefined : errors.get(unit))}
        onChange={choose}
      />
      {kind === 'dates' &&
        (['from', 'to'] as const).map((edge) => (
          <TextInput
            key={edge}
            type="date"
            aria-label={`${label}: ${edge === 'from' ? 'from' : 'until before'}`}
            w={140}
            value={typeof value?.[edge] === 'string' ? String(value[edge]).slice(0, 10) : ''}
            error={errors.get(edge)}
            onChange={(event) => {
              const { [edge]: _, ...rest } = value ?? {};
              const text = event.currentTarget.value;
              onChange(text === '' ? rest : { ...rest, [edge]: text });
            }}
          />
        ))}
    </Group>
  );
}

function amountOf(value: Span | undefined, unit: Unit | undefined): number | undefined {
  const amount = unit === undefined ? undefined : value?.[unit];
  return typeof amount === 'number' ? amount : undefined;
}
