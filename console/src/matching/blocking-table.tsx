import { Stack, Text } from '@mantine/core';
import type { Model } from '../api/matching.ts';
import { formatCount } from '../elements/number-format.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';

/** Which pairs were looked at, and which were too many to be. */
export function BlockingTable({ blocking }: Pick<Model, 'blocking'>) {
  return (
    <Stack gap="sm">
      <Text size="sm">
        Two records are compared only when they agree on at least one of these. A match that agrees on none of
        them cannot be found.
      </Text>
      <ScrollTable label="Blocking rules" min_width={520}>
        <thead>
          <tr>
            <th>Must agree on</th>
            <th data-number>Pairs found first by it</th>
            <th data-number>Groups left out</th>
            <th data-number>Pairs left out</th>
          </tr>
        </thead>
        <tbody>
          {blocking.map((rule) => (
            <tr key={rule.rule}>
              <td>{rule.rule}</td>
              <td data-number>{formatCount(rule.pairs)}</td>
              <td data-number>{formatCount(rule.skipped_blocks)}</td>
              <td data-number style={rule.skipped_pairs > 0 ? { color: 'var(--pl-amber)' } : {}}>
                {formatCount(rule.skipped_pairs)}
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Stack>
  );
}
