import { Drawer, SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';
import { type ScoredPair, usePair, usePairs } from '../api/matching.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatRate } from '../elements/number-format.ts';
import { Paging } from '../elements/paging.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { chanceWords } from './evidence-words.ts';
import { WaterfallChart } from './waterfall-chart.tsx';

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  all: [0, 1],
  sure: [0.99, 1],
  likely: [0.5, 0.99],
  doubtful: [0, 0.5],
};
const PAGE = 50;

/** Every pair the run kept, likeliest first; one opens with its evidence. */
export function PairBrowser({ run_id }: { readonly run_id: string }) {
  const [range, setRange] = useState('all');
  const [offset, setOffset] = useState(0);
  const [opened, setOpened] = useState<ScoredPair | undefined>();
  const [min_probability, max_probability] = RANGES[range] ?? [0, 1];
  const pairs = usePairs(run_id, { min_probability, max_probability, offset, limit: PAGE });
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Chance of a match"
        style={{ alignSelf: 'flex-start' }}
        data={[
          { value: 'all', label: 'All' },
          { value: 'sure', label: '99 % up' },
          { value: 'likely', label: '50 to 99 %' },
          { value: 'doubtful', label: 'Below' },
        ]}
        value={range}
        onChange={(value) => {
          setRange(value);
          setOffset(0);
        }}
      />
      <QueryState query={pairs}>
        {(page) =>
          page.pairs.length === 0 ? (
            <EmptyNote title="No pair lies in this range" />
          ) : (
            <>
              <PairTable pairs={page.pairs} onOpen={setOpened} />
              <Paging
                first={offset + 1}
                shown={page.pairs.length}
                total={page.total}
                more={offset + PAGE < page.total}
                order="likeliest first"
                onPage={(by) => setOffset(offset + by * PAGE)}
              />
            </>
          )
        }
      </QueryState>
      <Drawer
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        position="right"
        size="xl"
        title={opened === undefined ? '' : `${opened.left_id} and ${opened.right_id}`}
      >
        {opened !== undefined && <Evidence run_id={run_id} pair_id={opened.id} />}
      </Drawer>
    </Stack>
  );
}

function Evidence({ run_id, pair_id }: { readonly run_id: string; readonly pair_id: string }) {
  const pair = usePair(run_id, pair_id);
  return <QueryState query={pair}>{({ waterfall }) => <WaterfallChart waterfall={waterfall} />}</QueryState>;
}

function PairTable(at: { pairs: readonly ScoredPair[]; onOpen: (pair: ScoredPair) => void }) {
  return (
    <ScrollTable label="Scored pairs" min_width={520}>
      <thead>
        <tr>
          <th>Left</th>
          <th>Right</th>
          <th data-number>Chance</th>
          <th data-number>Evidence, bits</th>
        </tr>
      </thead>
      <tbody>
        {at.pairs.map((pair) => (
          <tr key={pair.id} data-clickable onClick={() => at.onOpen(pair)}>
            <td className="pl-mono">
              <button type="button" className="pl-row-button">
                {pair.left_id}
              </button>
            </td>
            <td className="pl-mono">{pair.right_id}</td>
            <td data-number>{chanceWords(pair.probability)}</td>
            <td data-number>{formatRate(pair.weight)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
