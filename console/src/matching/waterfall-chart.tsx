import { Text } from '@mantine/core';
import type { Waterfall, WaterfallStep } from '../api/matching.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';
import {
  chanceWords,
  evidenceWords,
  factorWords,
  fieldWords,
  levelWords,
  oddsWords,
} from './evidence-words.ts';

/** How a chance came about: it starts low, and each comparison moves it; the bars go on from one another. */
export function WaterfallChart({ waterfall }: { readonly waterfall: Waterfall }) {
  const moves = movesOf(waterfall);
  const ends = moves.flatMap(({ from, to }) => [from, to]).concat(0);
  const low = Math.min(...ends);
  const span = Math.max(...ends) - low || 1;
  const place = (bits: number) => ((bits - low) / span) * 100;
  return (
    <ScrollTable label="How the chance came about" min_width={560}>
      <thead>
        <tr>
          <th>Evidence</th>
          <th>What was found</th>
          <th>What it does</th>
          <th style={{ width: '34%' }}>Less likely ← → more likely</th>
        </tr>
      </thead>
      <tbody>
        {moves.map((move) => (
          <tr key={move.name}>
            <td>{move.name}</td>
            <td>{move.found}</td>
            <td>
              {move.words}
              {move.rare !== '' && (
                <Text size="xs" c="dimmed">
                  {move.rare}
                </Text>
              )}
            </td>
            <td>
              <Bar from={place(move.from)} to={place(move.to)} zero={place(0)} tone={toneOf(move)} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td>Together</td>
          <td />
          <td>{chanceWords(waterfall.probability)} one person</td>
          <td>
            <Bar from={place(0)} to={place(waterfall.weight)} zero={place(0)} tone="accent-text" />
          </td>
        </tr>
      </tfoot>
    </ScrollTable>
  );
}

interface Move {
  readonly name: string;
  readonly found: string;
  readonly from: number;
  readonly to: number;
  readonly words: string;
  readonly rare: string;
  readonly start: boolean;
}

function movesOf({ prior_bits, steps }: Waterfall): Move[] {
  const start: Move = {
    name: 'Before comparing',
    found: 'two records picked at random',
    from: 0,
    to: prior_bits,
    words: oddsWords(prior_bits),
    rare: '',
    start: true,
  };
  let bits = prior_bits;
  const moves = steps.map((step) => {
    const from = bits;
    bits += step.bits + step.rarity_bits;
    return {
      name: fieldWords(step.comparison),
      found: levelWords(step.label),
      from,
      to: bits,
      words: evidenceWords(step.bits + step.rarity_bits),
      rare: rarityWords(step),
      start: false,
    };
  });
  return [start, ...moves];
}

function rarityWords({ rarity_bits }: WaterfallStep): string {
  if (Math.abs(rarity_bits) < 0.07) return '';
  return rarity_bits > 0
    ? `a rare value: counts ${factorWords(rarity_bits)} times more`
    : `a common value: counts ${factorWords(rarity_bits)} times less`;
}

const toneOf = ({ from, to, start }: Move) => (start ? 'grey' : to >= from ? 'green' : 'red');

function Bar(at: { from: number; to: number; zero: number; tone: string }) {
  return (
    <div
      className="pl-bar-track"
      aria-hidden
      style={{ '--zero': `${at.zero}%`, color: `var(--pl-${at.tone})` } as React.CSSProperties}
    >
      <div
        className="pl-bar"
        style={{ left: `${Math.min(at.from, at.to)}%`, width: `${Math.abs(at.to - at.from)}%` }}
      />
    </div>
  );
}
