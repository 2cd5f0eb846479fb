import { Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type MessageTest, useMessageTest } from '../api/segment-validation.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { ErrorState } from '../elements/error-state.tsx';
import { Estimate } from '../elements/estimate.tsx';
import { EventField } from '../elements/event-field.tsx';
import { formatPeople } from '../elements/number-format.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';

/** Whether the people of the segment answer the variants of a message alike: else it is more than one segment. */
export function MessageTestPanel({ segment }: { readonly segment: string }) {
  const test = useMessageTest(segment);
  const [input, setInput] = useState({
    exposure: 'Message Shown',
    variant: 'variant',
    conversion: 'Order Completed',
    days: 7,
    split_by: '',
  });
  const set = (patch: Partial<typeof input>) => setInput({ ...input, ...patch });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const { split_by, ...rest } = input;
    test.mutate(split_by.trim() === '' ? rest : { ...rest, split_by: split_by.trim() });
  };
  return (
    <Stack gap="sm">
      <Text size="sm">
        A test that showed variants at random tells whether one message fits everybody in the segment.
      </Text>
      <form onSubmit={onSubmit}>
        <Group gap="xs" align="flex-end">
          <EventField
            label="Event of seeing it"
            value={input.exposure}
            onChange={(exposure) => set({ exposure })}
          />
          <TextInput
            label="Property with the variant"
            value={input.variant}
            onChange={(event) => set({ variant: event.currentTarget.value })}
          />
          <EventField
            label="Event that counts"
            value={input.conversion}
            onChange={(conversion) => set({ conversion })}
          />
          <NumberInput
            label="Within days"
            w={100}
            min={1}
            max={365}
            value={input.days}
            onChange={(value) => set({ days: Number(value) || 7 })}
          />
          <TextInput
            label="Cut by trait"
            placeholder="none"
            w={130}
            value={input.split_by}
            onChange={(event) => set({ split_by: event.currentTarget.value })}
          />
          <Button type="submit" loading={test.isPending}>
            Compare
          </Button>
        </Group>
      </form>
      {test.isError && <ErrorState error={test.error} />}
      {test.data !== undefined &&
        (test.data.variants.length === 0 ? (
          <EmptyNote title="Nobody saw a variant in this time">
            Check the names of the event and of the property.
          </EmptyNote>
        ) : (
          <Report test={test.data} />
        ))}
    </Stack>
  );
}

function Report({ test }: { readonly test: MessageTest }) {
  return (
    <Stack gap="sm" role="status">
      <Group gap="xs">
        {test.pure !== null && (
          <Tag tone={test.pure ? 'green' : 'amber'}>
            {test.pure ? 'One message fits all of it' : 'Its parts want different messages'}
          </Tag>
        )}
        <Text size="sm">{test.words}</Text>
      </Group>
      {test.warnings.map((warning) => (
        <Text key={warning} size="sm" c="var(--pl-amber)">
          {warning}
        </Text>
      ))}
      <ScrollTable label="Variants" min_width={560}>
        <thead>
          <tr>
            <th>Variant</th>
            <th data-number>Members who saw it</th>
            <th data-number>Did it, 95 % interval</th>
            <th data-number>Others who saw it</th>
            <th data-number>Did it, 95 % interval</th>
          </tr>
        </thead>
        <tbody>
          {test.variants.map((variant) => (
            <tr key={variant.variant}>
              <td>
                {variant.variant}{' '}
                {variant.variant === test.best_inside && <Tag tone="green">Best for members</Tag>}{' '}
                {variant.variant === test.best_outside && <Tag tone="grey">Best for others</Tag>}
              </td>
              <td data-number>{formatPeople(variant.inside.people)}</td>
              <td data-number>
                <Estimate {...variant.inside.rate} />
              </td>
              <td data-number>{formatPeople(variant.outside.people)}</td>
              <td data-number>
                <Estimate {...variant.outside.rate} />
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {test.parts.length > 0 && <Parts parts={test.parts} />}
    </Stack>
  );
}

function Parts({ parts }: Pick<MessageTest, 'parts'>) {
  return (
    <ScrollTable label="Parts of the segment" min_width={420}>
      <thead>
        <tr>
          <th>Part</th>
          <th data-number>People</th>
          <th>Best variant</th>
          <th
            data-number
            title="Over the variant that it is hardest to tell from; 95 % for all of them together"
          >
            Lead of the best rate, 95 % interval
          </th>
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => (
          <tr key={part.part}>
            <td>{part.part}</td>
            <td data-number>{formatPeople(part.people)}</td>
            <td>{part.best ?? 'none is shown to lead'}</td>
            <td data-number>
              <Estimate {...part.lead} />
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
