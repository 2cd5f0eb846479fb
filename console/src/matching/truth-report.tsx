import { Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { TruthScore } from '../api/matching.ts';
import { csvText } from '../elements/csv-text.ts';
import { download } from '../elements/download.ts';
import { Estimate } from '../elements/estimate.tsx';
import { formatCount, formatShare } from '../elements/number-format.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Stat } from '../elements/stat.tsx';
import { chanceWords, exactChance } from './evidence-words.ts';

/** Precision and recall by threshold against known answers, and what was missed or wrong at the one in use. */
export function TruthReport({ truth }: { readonly truth: TruthScore }) {
  return (
    <Stack gap="sm" role="status">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs">
        <Stat label="Known pairs" value={formatCount(truth.truth_pairs)} />
        <Stat
          label="Never compared"
          value={formatCount(truth.never_compared)}
          note="no threshold finds these; add a blocking rule"
        />
        <Stat
          label="Best F1"
          value={truth.best === null ? '–' : formatShare(truth.best.f1)}
          note={truth.best === null ? 'nothing was found' : `from ${exactChance(truth.best.probability)} on`}
        />
      </SimpleGrid>
      <Points truth={truth} />
      <Faults
        title={`Missed at ${exactChance(truth.at_probability)}`}
        file="missed-pairs.csv"
        pairs={truth.missed}
      />
      <Faults
        title={`Wrongly found at ${exactChance(truth.at_probability)}`}
        file="wrong-pairs.csv"
        pairs={truth.wrong}
      />
    </Stack>
  );
}

function Points({ truth }: { readonly truth: TruthScore }) {
  return (
    <ScrollTable label="Score by threshold" min_width={680} max_height="340px">
      <thead>
        <tr>
          <th data-number>Threshold</th>
          <th data-number>Right</th>
          <th data-number>Wrong</th>
          <th data-number>Missed</th>
          <th data-number>Precision, 95 % interval</th>
          <th data-number>Recall, 95 % interval</th>
          <th data-number>F1</th>
        </tr>
      </thead>
      <tbody>
        {truth.points.map((point) => (
          <tr
            key={point.probability}
            {...(point.probability === truth.best?.probability ? { 'data-selected': true } : {})}
          >
            <td data-number>{exactChance(point.probability)}</td>
            <td data-number>{formatCount(point.true_positives)}</td>
            <td data-number>{formatCount(point.false_positives)}</td>
            <td data-number>{formatCount(point.false_negatives)}</td>
            <td data-number>
              <Estimate value={point.precision.share} low={point.precision.low} high={point.precision.high} />
            </td>
            <td data-number>
              <Estimate value={point.recall.share} low={point.recall.low} high={point.recall.high} />
            </td>
            <td data-number>{formatShare(point.f1)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

interface FaultsProps {
  readonly title: string;
  readonly file: string;
  readonly pairs: readonly {
    readonly left_id: string;
    readonly right_id: string;
    readonly probability: number | null;
  }[];
}

function Faults({ title, file, pairs }: FaultsProps) {
  if (pairs.length === 0) return null;
  return (
    <Stack gap="xs">
      <Group gap="xs" justify="space-between">
        <Title order={3}>
          {title}: {formatCount(pairs.length)}
        </Title>
        <Button
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          onClick={() => download(file, 'text/csv', csvOf(pairs))}
        >
          Export CSV
        </Button>
      </Group>
      <ScrollTable label={title} min_width={360} max_height="260px">
        <thead>
          <tr>
            <th>Left</th>
            <th>Right</th>
            <th data-number>Chance given</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair) => (
            <tr key={`${pair.left_id} ${pair.right_id}`}>
              <td className="pl-mono">{pair.left_id}</td>
              <td className="pl-mono">{pair.right_id}</td>
              <td data-number>
                {pair.probability === null ? (
                  <Text span size="sm" c="dimmed">
                    never compared
                  </Text>
                ) : (
                  chanceWords(pair.probability)
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Stack>
  );
}

const csvOf = (pairs: FaultsProps['pairs']) =>
  csvText(
    ['left', 'right', 'probability'],
    pairs.map((pair) => [pair.left_id, pair.right_id, pair.probability]),
  );
