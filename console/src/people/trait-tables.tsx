import { Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import type { ComputedValue, Trait } from '../api/profiles.ts';
import { useSourceName } from '../api/sources.ts';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';
import { valueText } from '../elements/value-text.ts';

const MANY = 12;

/** What sources said first, then what Plumbline keeps from the context of events. */
export function TraitTable({ traits }: { readonly traits: readonly Trait[] }) {
  const sourceName = useSourceName();
  const [wanted, setWanted] = useState('');
  const shown = [...traits]
    .filter((trait) => `${trait.name} ${trait.label}`.toLowerCase().includes(wanted.toLowerCase()))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Title order={2}>Traits</Title>
        {traits.length > MANY && (
          <TextInput
            aria-label="Filter traits"
            placeholder="Filter traits"
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
        )}
      </Group>
      {traits.length === 0 ? (
        <Text size="sm" c="dimmed" className="pl-panel" p="sm">
          No source has said anything about this person yet.
        </Text>
      ) : (
        <ScrollTable label="Traits" min_width={560} max_height="560px">
          <thead>
            <tr>
              <th>Trait</th>
              <th>Value</th>
              <th>Said</th>
              <th>By</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((trait) => (
              <tr key={trait.name}>
                <td>
                  <Name name={trait.name} label={trait.label} />
                  {trait.sensitive && (
                    <>
                      {' '}
                      <Tag tone="amber" title="Segments that use it need approval">
                        sensitive
                      </Tag>
                    </>
                  )}
                </td>
                <Value value={trait.value} unit={trait.unit} masked={trait.masked} />
                <td>
                  <Age at={trait.at} stale={trait.stale} fresh_for_days={trait.fresh_for_days} />
                </td>
                <td style={{ whiteSpace: 'nowrap' }}>
                  {trait.origin === 'said' ? sourceName(trait.source_id) : ORIGINS[trait.origin]}
                </td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Stack>
  );
}

const ORIGINS = { kept: 'Plumbline, from events', group: 'Group' } as const;

const rank = (trait: Trait) => (trait.origin === 'said' ? 0 : trait.origin === 'group' ? 1 : 2);

export function ComputedTable({ computed }: { readonly computed: readonly ComputedValue[] }) {
  if (computed.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={2}>Computed from events</Title>
      <ScrollTable label="Computed traits" min_width={480}>
        <thead>
          <tr>
            <th>Trait</th>
            <th>Value</th>
            <th>How</th>
            <th>As of</th>
          </tr>
        </thead>
        <tbody>
          {computed.map((trait) => (
            <tr key={trait.name}>
              <td>
                <Name name={trait.name} label={trait.label} />
              </td>
              {trait.state === 'computing' ? (
                <td>
                  <Tag tone="blue">being computed</Tag>
                </td>
              ) : (
                <Value value={trait.value} unit={trait.unit} masked={trait.masked} />
              )}
              <td>{trait.calc.replaceAll('_', ' ')}</td>
              <td>
                <Age at={trait.at} stale={trait.stale} fresh_for_days={trait.fresh_for_days} />
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Stack>
  );
}

function Name({ name, label }: { readonly name: string; readonly label: string }) {
  if (label === '') return <span className="pl-mono">{name}</span>;
  return <span title={name}>{label}</span>;
}

interface ValueProps {
  readonly value: unknown;
  readonly unit: string;
  readonly masked: boolean;
}

function Value({ value, unit, masked }: ValueProps) {
  const text = `${valueText(value)}${unit === '' || value === null ? '' : ` ${unit}`}`;
  return (
    <td style={{ maxWidth: 340 }}>
      <span
        className="pl-truncate"
        style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}
        title={masked ? 'Shortened for your role' : undefined}
      >
        {text}
      </span>
    </td>
  );
}

interface AgeProps {
  readonly at: string | null;
  readonly stale: boolean;
  readonly fresh_for_days: number | null;
}

function Age({ at, stale, fresh_for_days }: AgeProps) {
  return (
    <Group gap={6} wrap="nowrap" style={{ whiteSpace: 'nowrap' }}>
      <RelativeTime at={at} />
      {stale && (
        <Tag tone="amber" title={`Counts as fresh for ${fresh_for_days} days`}>
          stale
        </Tag>
      )}
    </Group>
  );
}
