import { expect, test } from 'vitest';
import { adviseCadence, type CadenceFacts } from './advise-cadence.ts';

const facts: CadenceFacts = {
  streamable: false,
  every: 'day',
  seconds: 10,
  people: 1_000,
  together: 1,
  changes: 70,
  watched_days: 7,
  used_by: 0,
};

test.each<[string, Partial<CadenceFacts>, string, RegExp]>([
  ['what events can decide is streamed', { streamable: true }, 'stream', /as they come/],
  ['and is told when it is not', { streamable: true, every: 'week' }, 'stream', /late for nothing/],
  ['an unknown cost is learnt first', { seconds: null }, 'day', /not known yet/],
  ['a lively segment that is cheap', { changes: 700 }, 'hour', /24 a day are affordable/],
  ['a lively segment that is dear', { changes: 700, seconds: 600 }, 'day', /10 % of its people/],
  ['a quiet one', { changes: 3 }, 'week', /only 0.043 % of its people change a day, over 7 days/],
  ['a quiet one that others rest on', { changes: 3, used_by: 2 }, 'day', /2 other segments/],
  ['one that is as quiet as can be', { changes: 0 }, 'week', /only 0 % of its people/],
  ['one of minutes ago', { changes: 0, watched_days: 0.01 }, 'day', /too early to tell/],
  [
    'one of minutes ago that somebody wants each hour',
    { watched_days: 0.01, every: 'hour' },
    'hour',
    /too early/,
  ],
  [
    'a cost of several',
    { together: 9 },
    'day',
    /10.0 s for 9 segments together, of which its part is not known/,
  ],
  [
    'two days count as two',
    { changes: 100, watched_days: 2 },
    'hour',
    /5 % of its people change a day, over 2 days/,
  ],
  ['one that takes half an hour', { seconds: 1_800 }, 'week', /more than 2 % of a day/],
])('%s', (_, changes, every, reason) => {
  const advice = adviseCadence({ ...facts, ...changes });
  expect(advice.every).toBe(every);
  expect(advice.reasons.join('; ')).toMatch(reason);
});

test('more changes never make it seldomer', () => {
  const order = ['week', 'day', 'hour'];
  for (const used_by of [0, 1])
    for (const seconds of [1, 60, 600, 1_800])
      for (const people of [0, 1, 1_000]) {
        const advised = [0, 1, 6, 7, 8, 100, 349, 350, 351, 10_000].map((changes) =>
          order.indexOf(adviseCadence({ ...facts, changes, used_by, seconds, people }).every),
        );
        expect(advised).toEqual(advised.toSorted((a, b) => a - b));
      }
});
