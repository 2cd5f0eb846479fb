import { Anchor, Group, List, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type MatchRun, type Model, type RunSummary, useMatchRun } from '../api/matching.ts';
import { AddressTabs } from '../elements/address-tabs.tsx';
import { BackButton } from '../elements/back-button.tsx';
import { BackgroundRun } from '../elements/background-run.tsx';
import { Estimate } from '../elements/estimate.tsx';
import { formatCount, formatDuration } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { RunTag } from '../elements/run-tag.tsx';
import { Stat } from '../elements/stat.tsx';
import { BlockingTable } from './blocking-table.tsx';
import { exactChance } from './evidence-words.ts';
import { PairBrowser } from './pair-browser.tsx';
import { ParameterTable } from './parameter-table.tsx';
import { ThresholdCurve } from './threshold-curve.tsx';
import { TruthForm } from './truth-form.tsx';

interface Props {
  readonly id: string;
  readonly onBack: () => void;
}

/** What came of one run, and how far it can be trusted. */
export function MatchRunDetail({ id, onBack }: Props) {
  const run = useMatchRun(id);
  return (
    <Stack gap="sm">
      <BackButton onClick={onBack}>All runs</BackButton>
      <QueryState query={run}>
        {(data) => (
          <>
            <Head run={data.run} />
            {data.run.summary !== null && <Summary summary={data.run.summary} rules={data.run.rules} />}
            {data.model !== null && <ModelTabs run={data.run} model={data.model} />}
          </>
        )}
      </QueryState>
    </Stack>
  );
}

function Head({ run }: { readonly run: MatchRun }) {
  return (
    <>
      <Group gap="xs">
        <Title order={2}>
          {run.rules}, version {run.rules_version}
        </Title>
        <RunTag state={run.state} />
        <Text size="sm" c="dimmed">
          started <RelativeTime at={run.started_at} />
        </Text>
      </Group>
      {run.state === 'running' && (
        <BackgroundRun id={run.background_run} title="Matching" stale={[['matching']]} />
      )}
      {run.error !== '' && (
        <Text size="sm" c="var(--pl-red)">
          {run.error}
        </Text>
      )}
    </>
  );
}

function Summary({ summary, rules }: { readonly summary: RunSummary; readonly rules: string }) {
  const records =
    summary.right_records > 0
      ? `${formatCount(summary.left_records)} with ${formatCount(summary.right_records)} records`
      : `among ${formatCount(summary.left_records)} records`;
  return (
    <Stack gap="xs">
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="xs">
        <Stat label="Pairs compared" value={formatCount(summary.compared_pairs)} note={records} />
        <Stat
          label="Expected matches"
          value={
            <Estimate
              as="number"
              value={summary.expected_matches}
              low={summary.expected_matches_low}
              high={summary.expected_matches_high}
            />
          }
          note={`took ${formatDuration(summary.seconds)}`}
        />
        <Stat
          label="Joined"
          value={formatCount(summary.linked)}
          note={`${formatCount(summary.above_accept)} were sure enough: ${exactChance(summary.accept_probability)} and more`}
        />
        <Stat
          label="To review"
          value={formatCount(summary.in_review)}
          note={
            <Anchor component={Link} to="." search={{ tab: 'review', rules } as never} inherit>
              Open the queue
            </Anchor>
          }
        />
      </SimpleGrid>
      <List size="sm" spacing={2}>
        {heldBack(summary).map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
    </Stack>
  );
}

/** Pairs that were likely, and were still not joined: each with its reason. */
function heldBack(summary: RunSummary): string[] {
  const lines: readonly (readonly [number, string])[] = [
    [summary.set_aside.rival, 'wait because a rival fits nearly as well'],
    [summary.set_aside.bridge, 'wait because they would join two groups that hardly resemble each other'],
    [summary.set_aside.assignment, 'gave way to a better partner'],
    [summary.withheld_by_consent, 'left out: the person has not agreed to be joined with offline records'],
    [summary.link_refused, 'refused by the identity rules'],
  ];
  return lines.filter(([count]) => count > 0).map(([count, words]) => `${formatCount(count)} ${words}.`);
}

function ModelTabs({ run, model }: { readonly run: MatchRun; readonly model: Model }) {
  return (
    <Stack gap="sm">
      {model.warnings.length > 0 && (
        <Stack className="pl-panel" p="sm" gap={4} role="note">
          <Text size="sm" fw={600}>
            Before you rely on these numbers
          </Text>
          <List size="sm" spacing={2}>
            {model.warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Stack>
      )}
      <AddressTabs
        at="view"
        tabs={[
          { value: 'quality', label: 'Quality', panel: <ThresholdCurve run={run} curve={model.curve} /> },
          { value: 'evidence', label: 'Evidence', panel: <ParameterTable model={model} /> },
          {
            value: 'blocking',
            label: 'What was compared',
            panel: <BlockingTable blocking={model.blocking} />,
          },
          { value: 'pairs', label: 'Pairs', panel: <PairBrowser run_id={run.id} /> },
          { value: 'truth', label: 'Known answers', panel: <TruthForm run={run} /> },
        ]}
      />
    </Stack>
  );
}
