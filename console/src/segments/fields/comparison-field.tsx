import { Autocomplete, Group, NumberInput, Select, TagsInput, Text, TextInput } from '@mantine/core';
import type { Errors } from '../builder-context.ts';
import { carriedValue, operandOf, opsFor, opWords, typedValue } from '../op-words.ts';

export interface Comparison {
  readonly op?: unknown;
  readonly value?: unknown;
}

interface Props {
  /** What is compared, for people who cannot see what stands beside. */
  readonly of: string;
  readonly ops: readonly string[];
  readonly comparison: Comparison;
  /** JSON types of the values that are known; empty when none are. */
  readonly types: readonly string[];
  readonly examples: readonly unknown[];
  readonly errors: Errors;
  readonly onChange: (comparison: { readonly op: string; readonly value: unknown }) => void;
}

/** Operator and value; the value's field fits both the operator and what is known of the values. */
export function ComparisonField(props: Props) {
  const op = typeof props.comparison.op === 'string' ? props.comparison.op : '';
  return (
    <Group gap="xs" align="flex-start" style={{ flex: '2 1 320px' }}>
      <Select
        aria-label={`Comparison of ${props.of}`}
        w={180}
        allowDeselect={false}
        searchable
        data={opsFor(props.ops, props.types, op).map((value) => ({ value, label: opWords(value) }))}
        value={op === '' ? null : op}
        error={props.errors.get('op')}
        onChange={(next) =>
          next !== null && props.onChange({ op: next, value: carriedValue(props.comparison.value, next) })
        }
      />
      <Operand {...props} op={op} onValue={(value) => props.onChange({ op, value })} />
    </Group>
  );
}

interface OperandProps extends Props {
  readonly op: string;
  readonly onValue: (value: unknown) => void;
}

function Operand({ op, of, comparison, types, examples, errors, onValue }: OperandProps) {
  const value = comparison.value;
  const label = `Value of ${of}`;
  const error = errors.get('value');
  const style = { flex: '1 1 140px' } as const;
  const suggestions = [...new Set(examples.filter((each) => typeof each !== 'object').map(String))];
  switch (operandOf(op)) {
    case 'none':
      return null;
    case 'list':
      return (
        <TagsInput
          size="xs"
          aria-label={label}
          placeholder="Add a value, Enter"
          style={style}
          data={suggestions}
          value={Array.isArray(value) ? value.map(String) : []}
          error={error}
          onChange={(list) =>
            onValue(list.length === 0 ? undefined : list.map((text) => typedValue(text, types)))
          }
        />
      );
    case 'number':
      return <NumberField label={label} value={value} error={error} onValue={onValue} />;
    case 'days':
      return <NumberField label={label} value={value} error={error} onValue={onValue} suffix=" days" />;
    case 'range':
      return <RangeField label={label} value={value} error={error} onValue={onValue} />;
    case 'date':
      return (
        <TextInput
          type="date"
          aria-label={label}
          w={150}
          value={typeof value === 'string' ? value.slice(0, 10) : ''}
          error={error}
          onChange={(event) => onValue(event.currentTarget.value || undefined)}
        />
      );
    default:
      if (types.length === 1 && types[0] === 'boolean') {
        return (
          <Select
            aria-label={label}
            w={90}
            allowDeselect={false}
            data={[
              { value: 'true', label: 'yes' },
              { value: 'false', label: 'no' },
            ]}
            value={typeof value === 'boolean' ? String(value) : null}
            error={error}
            onChange={(text) => onValue(text === 'true')}
          />
        );
      }
      if (types.length === 1 && types[0] === 'number')
        return <NumberField label={label} value={value} error={error} onValue={onValue} />;
      return (
        <Autocomplete
          size="xs"
          aria-label={label}
          placeholder="Value"
          style={style}
          data={suggestions}
          limit={20}
          value={value === undefined ? '' : String(value)}
          error={error}
          onChange={(text) => onValue(text === '' ? undefined : typedValue(text, types))}
        />
      );
  }
}

interface NumberProps {
  readonly label: string;
  readonly value: unknown;
  readonly error: string | undefined;
  readonly suffix?: string;
  readonly onValue: (value: unknown) => void;
}

function NumberField({ label, value, error, suffix, onValue }: NumberProps) {
  return (
    <NumberInput
      aria-label={label}
      w={130}
      placeholder="Number"
      value={typeof value === 'number' ? value : ''}
      error={error}
      {...(suffix === undefined ? {} : { suffix })}
      onChange={(next) => onValue(typeof next === 'number' ? next : undefined)}
    />
  );
}

function RangeField({ label, value, error, onValue }: NumberProps) {
  const [low, high] = Array.isArray(value) ? value : [undefined, undefined];
  const set = (pair: readonly unknown[]) =>
    onValue(pair.some((each) => each === undefined) ? undefined : pair);
  return (
    <Group gap={6} wrap="nowrap" align="center">
      <NumberInput
        aria-label={`${label}, lowest`}
        w={100}
        value={typeof low === 'number' ? low : ''}
        error={error !== undefined}
        onChange={(next) => set([typeof next === 'number' ? next : undefined, high ?? next])}
      />
      <Text size="sm">and</Text>
      <NumberInput
        aria-label={`${label}, highest`}
        w={100}
        value={typeof high === 'number' ? high : ''}
        error={error}
        onChange={(next) => set([low ?? next, typeof next === 'number' ? next : undefined])}
      />
    </Group>
  );
}
