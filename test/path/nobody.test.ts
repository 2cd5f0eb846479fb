/** Ids that name nobody, through the real stores: nothing of a person is lost to them, and they are no person themselves. */
import { afterEach, expect, test } from 'vitest';
import { key64 } from '../../src/kernel/ids.ts';
import { composeHere, type Here } from '../compose-here.ts';

let here: Here;
afterEach(() => here.remove());

const ask = <T>(name: string, input: object = {}): Promise<T> => here.ask<T>(name, input);
interface Profile {
  person: string;
  traits: { name: string; value: unknown }[];
  consent: { purpose: string; granted: boolean }[];
}
const known = async () => {
  const { people } = await ask<{ people: { person: string }[] }>('profiles.list');
  return people.map(({ person }) => person).sort();
};
const sessions = async (person: string) =>
  (await ask<{ sessions: object[] }>('sessions.list', { person })).sessions;

test('a placeholder as user id: traits, consent and events are those of the anonymous id', async () => {
  here = await composeHere();
  await here.send(await here.source(), [
    {
      type: 'identify',
      userId: 'null',
      anonymousId: 'nm2',
      messageId: 'm1',
      traits: { tier: 'gold' },
      context: { consent: { categoryPreferences: { ads: true } } },
    },
    { type: 'track', event: 'Seen', userId: '[object Object]', messageId: 'm2' },
  ]);
  await here.follow();
  const person = key64('anonymous_id:nm2');
  const profile = await ask<Profile>('profiles.show', { key: 'anonymous_id:nm2' });
  expect(profile).toMatchObject({
    person,
    traits: expect.arrayContaining([expect.objectContaining({ name: 'tier', value: 'gold' })]),
    consent: [expect.objectContaining({ purpose: 'ads', granted: true })],
  });
  const { events } = await ask<{ events: object[] }>('profiles.timeline', { key: 'anonymous_id:nm2' });
  expect(events).toMatchObject([{ user_id: 'null', anonymous_id: 'nm2' }]);
  expect(await known()).toEqual([person]);
  // What names nobody is stored, and readable as it was sent.
  const { events: stored } = await ask<{ events: object[] }>('events.list', { event: 'Seen' });
  expect(stored).toMatchObject([{ fate: 'stored', user_id: '[object Object]', person_id: '' }]);
});

test('an id that is blocked by a release is nobody: in people, segments and sessions', async () => {
  here = await composeHere();
  const source = await here.source();
  await here.send(source, [
    { type: 'identify', userId: 'server-1', messageId: 'm1', traits: { tier: 'gold' } },
    { type: 'identify', userId: 'ada', messageId: 'm2', traits: { tier: 'gold' } },
  ]);
  await here.follow();
  const [server, ada] = [key64('user_id:server-1'), key64('user_id:ada')];
  expect(await known()).toEqual([server, ada].sort());
  expect(await sessions(server)).toHaveLength(1);

  const body = {
    identifiers: [
      { type: 'user_id', paths: ['user_id'], limit: { ever: 1 }, blocked_patterns: ['^server-'] },
      { type: 'anonymous_id', paths: ['anonymous_id'] },
    ],
  };
  await ask('definitions.apply', {
    message: 'no servers',
    definitions: [{ kind: 'identity-rules', name: 'default', body }],
  });
  for (const job of here.app.jobs)
    if (job.name === 'resolve.rederive') await job.run({ signal: new AbortController().signal });
  await here.send(source, [{ type: 'track', event: 'Seen', userId: 'server-1', messageId: 'm3' }]);
  await here.follow();
  expect(await known()).toEqual([ada]);
  const rule = { predicate: 'count', event: 'Seen', at_least: 1, window: { days: 7 } };
  expect(await ask('segment-rules.preview', { rule, exclude_bots: false })).toMatchObject({
    people: { estimate: 0 },
  });
  expect(await sessions(server)).toEqual([]);
  await expect(ask('profiles.show', { key: 'user_id:server-1' })).rejects.toMatchObject({
    code: 'not_found',
  });
});
