import { Anchor, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RulePreview, RuleProblem } from '../api/segment-rules.ts';
import { BandChart } from '../elements/band-chart.tsx';
import { ErrorState } from '../elements/error-state.tsx';
import { formatCount, formatShare } from '../elements/number-format.ts';
import { parseIdentifier } from '../people/identifier-text.tsx';
import { isFewerThanTen, SizeText } from './size-text.tsx';

interface Props {
  readonly preview: UseQueryResult<RulePreview>;
  readonly problems: readonly RuleProblem[];
  /** The rule is not what the numbers are of: a change is on its way. */
  readonly waiting: boolean;
}

/** Who would be in it, while the rule is edited. */
export function LiveSize({ preview, problems, waiting }: Props) {
  const data = preview.data;
  const in_rule = new Set(problems.map(({ field }) => field).filter((field) => field.startsWith('rule')))
    .size;
  const old = in_rule > 0;
  const wide = useMediaQuery('(min-width: 1151px)', true);
  return (
    <Stack className="pl-panel" p="md" gap="sm" aria-label="Preview" component="section">
      <Group justify="space-between">
        <Title order={2}>Who would be in it</Title>
        {(preview.isFetching || waiting) && !old && <Loader size={14} role="img" aria-label="Counting" />}
      </Group>
      <div aria-live="polite">
        {old ? (
          <Text size="sm" c="dimmed">
            {in_rule === 1 ? 'One place' : `${in_rule} places`} of the rule to complete first.
          </Text>
        ) : (
          data !== undefined && (
            <>
              <div className="pl-stat-value">
                <SizeText size={data.people} />
              </div>
              <Text size="xs" c="dimmed">
                of {formatCount(data.of)} people
                {!isFewerThanTen(data.people) && howCounted(data)} in {formatCount(data.took_ms)} ms
              </Text>
            </>
          )
        )}
      </div>
      {preview.isError && !old && <ErrorState error={preview.error} onRetry={() => preview.refetch()} />}
      {data !== undefined && !old && (
        <details open={wide} className="pl-live-details">
          <summary>Trend, overlap and some people</summary>
          <Stack gap="sm" mt="xs">
            <Details data={data} />
          </Stack>
        </details>
      )}
    </Stack>
  );
}

function howCounted({ people, of, looked_at }: RulePreview): string {
  const share = formatShare(of === 0 ? 0 : people.estimate / of);
  return people.exact
    ? `, ${share}, counted`
    : `, ${share}, from a sample of ${formatShare(looked_at)}; 95 % interval`;
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

function Details({ data }: { readonly data: RulePreview }) {
  return (
    <>
      {data.notes.map((note) => (
        <Text key={note} size="sm">
          {note}
        </Text>
      ))}
      {data.trend.length > 1 && (
        <BandChart
          label={`People the rule would have found over the last days, ${formatCount(data.trend[0]?.estimate)} to ${formatCount(data.trend.at(-1)?.estimate)}`}
          x_label="Day (UTC)"
          y_label="People"
          height_px={170}
          format_x={(ms) => DAY.format(ms)}
          format_y={(value) => compact.format(value)}
          lines={[
            {
              name: 'Size',
              colour: 'blue',
              points: data.trend.map((day) => ({
                x: Date.parse(day.at),
                y: day.estimate,
                ...(day.exact ? {} : { low: day.low, high: day.high }),
              })),
            },
          ]}
        />
      )}
      <Overlap overlap={data.overlap} />
      {data.sample.length > 0 && (
        <Stack gap={4}>
          <Title order={3}>Some of them</Title>
          {data.sample.slice(0, 6).map((each) => (
            <Anchor
              key={each.person}
              component={Link}
              to="/people"
              search={{ open: each.person } as never}
              size="sm"
              className="pl-truncate"
            >
              {parseIdentifier(each.identifiers[0] ?? each.person).value}
            </Anchor>
          ))}
        </Stack>
      )}
    </>
  );
}

const compact = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumSignificantDigits: 3 });

function Overlap({ overlap }: { readonly overlap: RulePreview['overlap'] }) {
  const shown = [...overlap]
    .filter((each) => (each.share ?? 0) > 0)
    .sort((a, b) => (b.share ?? 0) - (a.share ?? 0));
  if (shown.length === 0) return null;
  return (
    <Stack gap={6}>
      <Title order={3}>Also in</Title>
      {shown.slice(0, 5).map((each) => (
        <div key={each.segment}>
          <Group justify="space-between" gap="xs" wrap="nowrap">
            <span className="pl-truncate" style={{ fontSize: 13 }}>
              {each.label}
            </span>
            <Text size="xs" c="dimmed" className="pl-number">
              {formatShare(each.share)}
              {!isFewerThanTen(each.both) && (
                <>
                  {', '}
                  <SizeText size={each.both} />
                </>
              )}
            </Text>
          </Group>
          <span className="pl-share" aria-hidden>
            <span style={{ width: `${(each.share ?? 0) * 100}%` }} />
          </span>
        </div>
      ))}
    </Stack>
  );
}
