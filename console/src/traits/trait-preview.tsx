import { Group, Loader, Stack, Text, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { TraitPreview } from '../api/traits.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { formatCount } from '../elements/number-format.ts';
import { valueText } from '../elements/value-text.ts';

interface Props {
  readonly preview: UseQueryResult<TraitPreview>;
  readonly unit: string;
  /** What is missing before there is anything to preview. */
  readonly open: string;
}

/** How many people would have the trait, and what it would say of them. */
export function PreviewOfTrait({ preview, unit, open }: Props) {
  const data = preview.data;
  const most = Math.max(1, ...(data?.values ?? []).map((each) => each.people));
  return (
    <Stack className="pl-panel" p="md" gap="sm" component="section" aria-label="Preview">
      <Group justify="space-between">
        <Title order={2}>What it would say</Title>
        {preview.isFetching && <Loader size={14} role="img" aria-label="Counting" />}
      </Group>
      {open !== '' ? (
        <Text size="sm" c="dimmed">
          {open}
        </Text>
      ) : (
        <>
          {preview.isError && <ErrorState error={preview.error} onRetry={() => preview.refetch()} />}
          {data !== undefined && (
            <>
              <div aria-live="polite">
                <div className="pl-stat-value">{formatCount(data.people)}</div>
                <Text size="xs" c="dimmed">
                  people would have it, counted in {formatCount(data.took_ms)} ms
                </Text>
              </div>
              {data.values.length > 0 && <Title order={3}>Most frequent values</Title>}
              {data.values.map((each) => (
                <div key={JSON.stringify(each.value)}>
                  <Group justify="space-between" gap="xs" wrap="nowrap">
                    <span className="pl-truncate" style={{ fontSize: 13 }}>
                      {valueText(each.value)} {unit}
                    </span>
                    <Text size="xs" c="dimmed" className="pl-number">
                      {formatCount(each.people)}
                    </Text>
                  </Group>
                  <span className="pl-share" aria-hidden>
                    <span style={{ width: `${(each.people / most) * 100}%` }} />
                  </span>
                </div>
              ))}
            </>
          )}
        </>
      )}
    </Stack>
  );
}
