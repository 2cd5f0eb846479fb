import { expect, test } from 'vitest';
import { adviseCadence, type CadenceFacts } from './advise-cadence.ts';

const facts: CadenceFacts = {
  streamable: false,
  every: 'day',
  seconds: 10,
  people: 1_000,
  changes_7d: 70,
  used_by: 0,
};

test.each<[string, Partial<CadenceFacts>, string, RegExp]>([
  ['what events can decide is streamed', { streamable: true }, 'stream', /as they come/],
  ['and is told when it is not', { streamable: true, every: 'week' }, 'stream', /late for nothing/],
  ['an unknown cost is learnt first', { seconds: null }, 'day', /not known yet/],
  ['a lively segment that is cheap', { changes_7d: 700 }, 'hour', /24 a day are affordable/],
  ['a lively segment that is dear', { changes_7d: 700, seconds: 600 }, 'day', /10.0 % of its people/],
  ['a quiet one', { changes_7d: 3 }, 'week', /only 0.0 %/],
  ['a quiet one that others rest on', { changes_7d: 3, used_by: 2 }, 'day', /2 other segments/],
  ['one that takes half an hour', { seconds: 1_800 }, 'week', /more than 2 % of a day/],
])('%s', (_, changes, every, reason) => {
  const advice = adviseCadence({ ...facts, ...changes });
  expect(advice.every).toBe(every);
  expect(advice.reasons.join('; ')).toMatch(reason);
});
