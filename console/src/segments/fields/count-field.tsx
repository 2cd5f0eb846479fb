import { Group, NumberInput, Select, Text } from '@mantine/core';
import type { Errors } from '../builder-context.ts';

type Body = Readonly<Record<string, unknown>>;
const KEYS = ['at_least', 'at_most', 'exactly'] as const;

const CHOICES = [
  { value: 'at_least', label: 'at least' },
  { value: 'at_most', label: 'at most' },
  { value: 'exactly', label: 'exactly' },
  { value: 'between', label: 'between' },
  { value: 'never', label: 'never' },
];

interface Props {
  readonly body: Body;
  readonly errors: Errors;
  /** New values of `at_least`, `at_most` and `exactly`; undefined takes one out. */
  readonly onChange: (patch: Body) => void;
}

const CLEAR: Body = { at_least: undefined, at_most: undefined, exactly: undefined };

/** How often: at least, at most, exactly, between, never. */
export function CountField({ body, errors, onChange }: Props) {
  const kind = kindOf(body);
  const number = (key: string) => (typeof body[key] === 'number' ? (body[key] as number) : undefined);
  const first = number('at_least') ?? number('exactly') ?? number('at_most') ?? 1;
  const choose = (next: string | null) => {
    if (next === 'between')
      onChange({ ...CLEAR, at_least: first, at_most: Math.max(first, number('at_most') ?? first) });
    else if (next === 'never') onChange({ ...CLEAR, exactly: 0 });
    else if (next !== null) onChange({ ...CLEAR, [next]: Math.max(first, next === 'at_least' ? 1 : 0) });
  };
  const error = KEYS.map((key) => errors.get(key)).find((each) => each !== undefined);
  const field = (key: (typeof KEYS)[number]) => (
    <NumberInput
      aria-label={`Times, ${key.replace('_', ' ')}`}
      w={76}
      min={0}
      allowDecimal={false}
      value={number(key) ?? ''}
      error={errors.get(key) !== undefined}
      onChange={(next) => onChange({ [key]: typeof next === 'number' ? next : undefined })}
    />
  );
  return (
    <Group gap={6} align="flex-start">
      <Select
        aria-label="How often"
        w={104}
        allowDeselect={false}
        data={CHOICES}
        value={kind}
        error={error}
        onChange={choose}
      />
      {kind === 'between' ? (
        <>
          {field('at_least')}
          <Text size="sm" lh="30px">
            and
          </Text>
          {field('at_most')}
        </>
      ) : (
        kind !== 'never' && field(kind)
      )}
      {kind !== 'never' && (
        <Text size="sm" lh="30px">
          times
        </Text>
      )}
    </Group>
  );
}

function kindOf(body: Body): 'at_least' | 'at_most' | 'exactly' | 'between' | 'never' {
  if (body['exactly'] === 0) return 'never';
  if (body['at_least'] !== undefined && body['at_most'] !== undefined) return 'between';
  return KEYS.find((key) => body[key] !== undefined) ?? 'at_least';
}
