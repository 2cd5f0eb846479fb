import { Autocomplete, Group, Select, Stack, Text } from '@mantine/core';
import type { FieldSchema, KnownField } from '../api/segment-rules.ts';
import { type Errors, errorsBelow, fieldsOf, useBuilder } from './builder-context.ts';
import { ComparisonField } from './fields/comparison-field.tsx';
import { ConditionList } from './fields/condition-list.tsx';
import { CountField } from './fields/count-field.tsx';
import { EventPicker } from './fields/event-picker.tsx';
import { PlainField } from './fields/plain-field.tsx';
import { SpanField } from './fields/span-field.tsx';
import { EventBlock, StepList, withoutUndefined } from './fields/step-list.tsx';
import { TraitPicker } from './fields/trait-picker.tsx';

type Body = Readonly<Record<string, unknown>>;

interface Props {
  readonly schema: FieldSchema;
  readonly body: Body;
  readonly errors: Errors;
  readonly onChange: (body: Body) => void;
}

/** Reading order: what, of which event, how compared, when. */
const ORDER = [
  'which',
  'measure',
  'calc',
  'property',
  'trait',
  'score',
  'purpose',
  'state',
  'segment',
  'event',
  'steps',
  'at_least',
  'op',
  'without',
  'within',
  'window',
];
/** Shown by the field before them, or below. */
const PART_OF_ANOTHER = new Set(['predicate', 'at_most', 'exactly', 'value', 'where']);

/** The fields of a predicate, made from its schema: a new predicate of the server has its form at once. */
export function PredicateForm({ schema, body, errors, onChange }: Props) {
  const { catalogue } = useBuilder();
  const properties = schema.properties ?? {};
  const has_event = 'event' in properties;
  // Who did one thing and not another: each of the two has its own conditions, right below it.
  const two_events = 'without' in properties;
  const names = Object.keys(properties)
    .filter((name) => !PART_OF_ANOTHER.has(name) && !(has_event && name === 'type'))
    .sort((a, b) => rank(a, properties) - rank(b, properties));
  const patch = (change: Body) => onChange(withoutUndefined({ ...body, ...change }));
  const fields = fieldsOf(catalogue.events, body['event'], body['type']);
  const where = properties['where'];
  return (
    <Stack gap={8}>
      <Group gap="xs" align="flex-start">
        {names.map((name) => (
          <Field
            key={name}
            name={name}
            properties={properties}
            required={schema.required?.includes(name) === true}
            body={body}
            fields={fields}
            errors={errors}
            patch={patch}
          />
        ))}
      </Group>
      {where !== undefined && !two_events && (
        <ConditionList
          schema={where}
          value={body['where']}
          fields={fields}
          errors={errors}
          onChange={(next) => patch({ where: next })}
        />
      )}
      {errors.get('') !== undefined && (
        <Text size="xs" c="var(--pl-red)">
          {errors.get('')}
        </Text>
      )}
    </Stack>
  );
}

/** 'Last Order Completed: total …', but 'sum of total of Order Completed'. */
function rank(name: string, properties: FieldProps['properties']): number {
  if (name === 'property' && 'which' in properties) return ORDER.indexOf('event') + 0.5;
  return ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length;
}

interface FieldProps {
  readonly name: string;
  readonly properties: Readonly<Record<string, FieldSchema>>;
  readonly required: boolean;
  readonly body: Body;
  readonly fields: readonly KnownField[];
  readonly errors: Errors;
  readonly patch: (change: Body) => void;
}

function Field({ name, properties, required, body, fields, errors, patch }: FieldProps) {
  const { catalogue } = useBuilder();
  const schema = properties[name] ?? {};
  const error = errors.get(name);
  switch (name) {
    case 'event':
      if ('without' in properties) {
        return (
          <EventBlock
            label="Event"
            schema={{ properties }}
            body={{ event: body['event'], type: body['type'], where: body['where'] }}
            errors={errors}
            limited={false}
            onChange={({ event, type, where }) => patch({ event, type, where })}
          />
        );
      }
      return (
        <EventPicker label="Event" event={body['event']} type={body['type']} error={error} onChange={patch} />
      );
    case 'trait':
      return <TraitPicker value={body['trait']} error={error} onChange={(trait) => patch({ trait })} />;
    case 'property':
      return (
        <Autocomplete
          size="xs"
          aria-label="Property"
          placeholder={required ? 'Property' : 'its time'}
          style={{ flex: '1 1 120px' }}
          data={fields.map((field) => field.name)}
          limit={50}
          value={typeof body['property'] === 'string' ? body['property'] : ''}
          error={error}
          onChange={(text) => patch({ property: text === '' ? undefined : text })}
        />
      );
    case 'segment':
      return (
        <Select
          aria-label="Segment"
          placeholder="Segment"
          searchable
          style={{ flex: '1 1 200px' }}
          data={catalogue.segments.map((each) => ({ value: each.name, label: each.label }))}
          value={typeof body['segment'] === 'string' ? body['segment'] : null}
          error={error}
          onChange={(segment) => patch({ segment: segment ?? undefined })}
        />
      );
    case 'steps':
      return (
        <StepList
          schema={schema}
          value={body['steps']}
          errors={errors}
          onChange={(steps) => patch({ steps })}
        />
      );
    case 'without':
      return (
        <Group gap="xs" align="flex-start" wrap="nowrap" style={{ flex: '1 1 100%' }}>
          <Text size="sm" c="dimmed" lh="30px" style={{ whiteSpace: 'nowrap' }}>
            but not
          </Text>
          <EventBlock
            label="What did not follow"
            schema={schema}
            body={(body['without'] as Body | undefined) ?? {}}
            errors={errorsBelow(errors, 'without')}
            limited={false}
            onChange={(without) => patch({ without })}
          />
        </Group>
      );
    case 'at_least':
      return <CountField body={body} errors={errors} onChange={patch} />;
    case 'window':
    case 'within':
      return (
        <SpanField
          label={name === 'window' ? 'When' : 'Time limit'}
          without={name === 'window' ? 'at any time' : 'until now'}
          lead={name === 'window' ? 'in the last' : 'within'}
          dates={name === 'window'}
          value={body[name] as Body | undefined}
          errors={errorsBelow(errors, name)}
          onChange={(value) => patch({ [name]: value })}
        />
      );
    case 'op': {
      const known = comparedWith(body, fields, catalogue.traits);
      return (
        <ComparisonField
          of={known.name}
          ops={schema.enum ?? []}
          comparison={body}
          types={known.types}
          examples={known.examples}
          errors={errors}
          onChange={({ op, value }) => patch({ op, value })}
        />
      );
    }
    default:
      return (
        <PlainField
          name={name}
          schema={schema}
          value={body[name]}
          required={required}
          suggestions={suggestionsFor(name, catalogue.traits)}
          error={error}
          onChange={(value) => patch({ [name]: value })}
        />
      );
  }
}

/** What is known of the values that the comparison is about. */
function comparedWith(body: Body, fields: readonly KnownField[], traits: readonly KnownField[]): KnownField {
  const name = body['trait'] ?? body['property'];
  const known = (body['trait'] === undefined ? fields : traits).find((each) => each.name === name);
  if (known !== undefined) return known;
  const is_number =
    body['calc'] !== undefined || body['measure'] !== undefined || body['score'] !== undefined;
  const is_time = body['which'] !== undefined && body['property'] === undefined;
  const what = typeof name === 'string' ? name : is_time ? 'the time' : 'the value';
  return { name: what, types: is_number ? ['number'] : is_time ? ['moment'] : [], examples: [] };
}

/** Places and devices are kept as traits: `country` is `$country`. */
function suggestionsFor(name: string, traits: readonly KnownField[]): readonly string[] {
  const found = traits.find((trait) => trait.name === `$${name}`);
  return (found?.examples ?? []).filter((each) => typeof each === 'string');
}
