import { Group, NumberInput, Select, TextInput } from '@mantine/core';
import type { Errors } from '../builder-context.ts';

const UNITS = ['days', 'hours', 'minutes'] as const;
type Unit = (typeof UNITS)[number];

type Span = Readonly<Record<string, unknown>>;

interface Props {
  readonly label: string;
  /** What an empty span means: 'at any time', 'however long after'. */
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
  const kind = value === undefined ? 'none' : unit === undefined ? 'dates' : 'length';
  const choose = (next: string | null) => {
    if (next === 'length') onChange({ days: 30 });
    else if (next === 'dates') onChange({ from: firstOfMonth() });
    else onChange(undefined);
  };
  return (
    <Group gap={6} align="flex-start">
      <Select
        aria-label={label}
        w={dates ? 148 : 170}
        allowDeselect={false}
        data={[
          { value: 'none', label: without },
          { value: 'length', label: lead },
          ...(dates ? [{ value: 'dates', label: 'between two dates' }] : []),
        ]}
        value={kind}
        error={errors.get('')}
        onChange={choose}
      />
      {unit !== undefined && (
        <Length label={label} unit={unit} value={value} error={errors.get(unit)} onChange={onChange} />
      )}
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

interface LengthProps {
  readonly label: string;
  readonly unit: Unit;
  readonly value: Span | undefined;
  readonly error: string | undefined;
  readonly onChange: (value: Span) => void;
}

function Length({ label, unit, value, error, onChange }: LengthProps) {
  const amount = value?.[unit];
  return (
    <>
      <NumberInput
        aria-label={`${label}: how many ${unit}`}
        w={70}
        min={1}
        value={typeof amount === 'number' ? amount : ''}
        error={error}
        onChange={(next) => onChange({ [unit]: typeof next === 'number' ? next : undefined })}
      />
      <Select
        aria-label={`${label}: unit`}
        w={96}
        allowDeselect={false}
        data={[...UNITS]}
        value={unit}
        onChange={(next) => onChange({ [next ?? unit]: amount })}
      />
    </>
  );
}

const firstOfMonth = () => `${new Date().toISOString().slice(0, 8)}01`;
