/** What `trait-bins.sql.ts` makes of the values of a trait, written another way, for tests. */
import { addRows, columnOf, NO_ROWS } from '../../stats/cramers-v.ts';
import type { TraitBin } from './judge-sensitivity.ts';

export interface CountedValue {
  /** JSON. */
  readonly value: string;
  readonly inside: number;
  readonly outside: number;
}

export function binned(rows: readonly CountedValue[]): TraitBin[] {
  const read = rows.map((row) => {
    const text = row.value.replaceAll('"', '');
    const day = /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0].replaceAll('-', '');
    const number = text === '' || text === 'true' || text === 'false' ? Number.NaN : Number(day ?? text);
    return { ...row, number, people: row.inside + row.outside };
  });
  const numbers = read.filter(({ number }) => Number.isFinite(number));
  const all = numbers.reduce((sum, { people }) => sum + people, 0);
  const binOf = ({ number }: (typeof read)[number]): number | null => {
    if (!Number.isFinite(number)) return null;
    const below = numbers.reduce((sum, other) => sum + (other.number < number ? other.people : 0), 0);
    return Math.min(99, Math.floor((100 * below) / all));
  };
  const placed = Map.groupBy(read, binOf);
  return [...placed].map(([bin, values]) => ({
    bin,
    values: values.map(({ inside, outside }) => columnOf(inside, outside)).reduce(addRows, NO_ROWS),
  }));
}
