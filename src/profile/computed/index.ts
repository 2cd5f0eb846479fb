import { average } from './average.ts';
import type { Calculation } from './calculation.ts';
import { count } from './count.ts';
import { daysSince } from './days-since.ts';
import { first } from './first.ts';
import { last } from './last.ts';
import { max } from './max.ts';
import { min } from './min.ts';
import { mostFrequent } from './most-frequent.ts';
import { sum } from './sum.ts';
import { uniqueList } from './unique-list.ts';

/** Every calculation: one file each, one line here. */
const ALL: readonly Calculation[] = [
  count,
  sum,
  min,
  max,
  average,
  first,
  last,
  mostFrequent,
  uniqueList,
  daysSince,
];

export const CALCULATIONS: ReadonlyMap<string, Calculation> = new Map(ALL.map((one) => [one.name, one]));
