import { Stack, Text } from '@mantine/core';
import type { Comparison, Model } from '../api/matching.ts';
import { formatCount, formatRate, formatShare } from '../elements/number-format.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';
import { evidenceWords, fieldWords, levelWords, oddsWords } from './evidence-words.ts';

/** What each comparison weighs: how often its levels occur among matches (m) and among strangers (u). */
export function ParameterTable({ model }: { readonly model: Model }) {
  const prior_bits = Math.log2(model.prior_probability / (1 - model.prior_probability));
  return (
    <Stack gap="sm">
      <Text size="sm">
        Two records picked at random are the same person with a chance of {oddsWords(prior_bits)}. Each
        comparison moves it: by how much oftener its result occurs among matches than among strangers.
      </Text>
      <ScrollTable label="Weight of each comparison" min_width={760}>
        <thead>
          <tr>
            <th>Compared</th>
            <th>Result</th>
            <th data-number title="m: share of matches with this result">
              Among matches
            </th>
            <th data-number title="u: share of pairs drawn at random with this result">
              Among strangers
            </th>
            <th>A match becomes</th>
            <th data-number>Pairs</th>
          </tr>
        </thead>
        <tbody>
          {model.comparisons.flatMap((comparison) =>
            comparison.levels.map((level, index) => (
              <tr key={`${comparison.name}.${level.label}`}>
                {index === 0 && (
                  <td rowSpan={comparison.levels.length} style={{ verticalAlign: 'top' }}>
                    <About comparison={comparison} />
                  </td>
                )}
                <td>{levelWords(level.label)}</td>
                <td data-number>{formatShare(level.m)}</td>
                <td data-number>{formatShare(level.u)}</td>
                <td style={{ color: `var(--pl-${level.bits < 0 ? 'red' : 'green'})` }}>
                  {evidenceWords(level.bits)}
                </td>
                <td data-number>{formatCount(level.pairs)}</td>
              </tr>
            )),
          )}
        </tbody>
      </ScrollTable>
    </Stack>
  );
}

function About({ comparison }: { readonly comparison: Comparison }) {
  return (
    <Stack gap={4} align="flex-start">
      <Text size="sm" fw={600}>
        {fieldWords(comparison.name)}
      </Text>
      {comparison.term_frequency && <Tag tone="blue">Rare values weigh more</Tag>}
      {comparison.estimated_under.length === 0 ? (
        <Tag
          tone="amber"
          title="No blocking rule leaves this field free, so nothing could be learned about it"
        >
          Assumed, not learned
        </Tag>
      ) : (
        comparison.m_spread > 0.1 && (
          <Tag
            tone="amber"
            title={`Estimates under different rules lie ${formatRate(comparison.m_spread)} apart`}
          >
            Estimates disagree
          </Tag>
        )
      )}
      {comparison.missing > 0 && (
        <Text size="xs" c="dimmed">
          missing in {formatCount(comparison.missing)} pairs
        </Text>
      )}
    </Stack>
  );
}
