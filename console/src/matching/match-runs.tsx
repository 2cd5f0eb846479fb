import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type MatchRun, useMatchingRules, useMatchRuns, useStartMatching } from '../api/matching.ts';
import { useMayEdit } from '../api/session.ts';
import { useAddressState } from '../elements/address-state.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { ErrorState } from '../elements/error-state.tsx';
import { formatCount } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { RunTag } from '../elements/run-tag.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { MatchRunDetail } from './match-run-detail.tsx';

/** Runs of the matching; `run` in the address opens one. */
export function MatchRuns() {
  const [address, setAddress] = useAddressState();
  const run = address['run'] ?? '';
  const open = (id: string) => setAddress({ run: id });
  if (run !== '') return <MatchRunDetail key={run} id={run} onBack={() => setAddress({ run: null })} />;
  return (
    <Stack gap="sm">
      <StartRun onStarted={open} />
      <RunList onOpen={open} />
    </Stack>
  );
}

function StartRun({ onStarted }: { readonly onStarted: (id: string) => void }) {
  const may_edit = useMayEdit();
  const rules = useMatchingRules();
  const start = useStartMatching();
  const [chosen, setChosen] = useState<string | null>(null);
  if (rules.data === undefined || rules.data.length === 0) return null;
  const picked = rules.data.find(({ name }) => name === chosen) ?? rules.data[0];
  if (picked === undefined) return null;
  return (
    <Stack className="pl-panel" p="sm" gap="xs">
      <Group gap="xs" align="flex-end">
        <Select
          label="Rules"
          allowDeselect={false}
          data={rules.data.map(({ name }) => name)}
          value={picked.name}
          onChange={setChosen}
        />
        <Button
          disabled={!may_edit}
          loading={start.isPending}
          onClick={() => start.mutate(picked.name, { onSuccess: ({ run }) => onStarted(run.id) })}
        >
          Find matches
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {picked.mode === 'link'
          ? `Compares ${picked.left} with ${picked.right}.`
          : `Looks for doubles among ${picked.left}.`}{' '}
        {picked.auto
          ? 'Sure matches are joined by themselves; the others wait for review.'
          : 'Nothing is joined by itself: every pair waits for review.'}
      </Text>
      {start.isError && <ErrorState error={start.error} />}
    </Stack>
  );
}

function RunList({ onOpen }: { readonly onOpen: (id: string) => void }) {
  const runs = useMatchRuns();
  return (
    <QueryState query={runs}>
      {(list) =>
        list.length === 0 ? (
          <EmptyNote title="Nothing was matched yet">
            Release matching rules, upload the list they name, and start a run here.
          </EmptyNote>
        ) : (
          <ScrollTable label="Runs" min_width={760}>
            <thead>
              <tr>
                <th>Started</th>
                <th>Rules</th>
                <th data-number>Records</th>
                <th data-number>Pairs compared</th>
                <th data-number>Joined</th>
                <th data-number>To review</th>
                <th>State</th>
              </tr>
            </thead>
            <tbody>
              {list.map((run) => (
                <RunRow key={run.id} run={run} onOpen={onOpen} />
              ))}
            </tbody>
          </ScrollTable>
        )
      }
    </QueryState>
  );
}

function RunRow({ run, onOpen }: { readonly run: MatchRun; readonly onOpen: (id: string) => void }) {
  const { summary } = run;
  return (
    <tr data-clickable onClick={() => onOpen(run.id)}>
      <td style={{ whiteSpace: 'nowrap' }}>
        <button type="button" className="pl-row-button">
          <RelativeTime at={run.started_at} />
        </button>
      </td>
      <td>
        {run.rules}, version {run.rules_version}
      </td>
      <td data-number>
        {summary === null ? '–' : formatCount(summary.left_records + summary.right_records)}
      </td>
      <td data-number>{formatCount(summary?.compared_pairs)}</td>
      <td data-number>{formatCount(summary?.linked)}</td>
      <td data-number>{formatCount(summary?.in_review)}</td>
      <td>
        <RunTag state={run.state} />
      </td>
    </tr>
  );
}
