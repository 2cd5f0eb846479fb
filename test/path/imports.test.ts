/** The path of an imported row: an event, a person, a score that segments read; no visit. */
import { afterEach, expect, test } from 'vitest';
import { key64 } from '../../src/kernel/ids.ts';
import { composeHere, type Here } from '../compose-here.ts';

let here: Here;
afterEach(() => here.remove());
const ask = <T>(name: string, input: object = {}): Promise<T> => here.ask<T>(name, input);

async function done(run_id: string): Promise<void> {
  const shown = () => {
    here.clock.advance(1_500);
    return ask<{ state: string; error: string }>('runs.show', { id: run_id });
  };
  await expect.poll(async () => (await shown()).state, { timeout: 30_000 }).not.toBe('running');
  expect(await shown()).toMatchObject({ state: 'done', error: '' });
}

async function jobs(...names: string[]): Promise<void> {
  const all = here.app.jobs.filter(({ name }) => names.includes(name));
  for (const job of all) await job.run({ signal: new AbortController().signal });
  await here.follow();
}

const membersOf = async (name: string): Promise<string[]> =>
  (await ask<{ members: { person: string }[] }>('segments.members', { name })).members.map((m) => m.person);

test('a score of a file puts people into segments, streamed and refreshed; nobody else can say one', async () => {
  here = await composeHere();
  const rule = { predicate: 'score', score: 'churn', op: 'at_least', value: 0.5 };
  const body = { label: 'At risk', owner: 'crm', purpose: 'advertising', rule };
  await ask('definitions.apply', {
    message: 'At risk',
    definitions: [
      { kind: 'segment', name: 'live', body },
      { kind: 'segment', name: 'daily', body: { ...body, refresh: { every: 'day' } } },
    ],
  });
  await jobs('segment.build', 'segment.judge-use');
  const eve = { type: 'identify', userId: 'eve', messageId: 'e1', traits: { 'score.churn': 1 } };
  await here.send(await here.source(), [{ ...eve, context: { scores: { churn: 1 } } }]);
  const plan = {
    kind: 'people',
    format: 'csv',
    mapping: { id: { to: 'identifier', type: 'user_id' }, churn: { to: 'score', name: 'churn' } },
  };
  const text = 'id,churn\nann,0.9\nbob,0.1\ncyd,0.5\n';
  await done((await ask<{ run_id: string }>('imports.start', { name: 'Churn', plan, text })).run_id);
  await here.follow();
  const [ann, cyd] = [key64('user_id:ann'), key64('user_id:cyd')];
  expect((await membersOf('live')).toSorted()).toEqual([ann, cyd].toSorted());

  await done((await ask<{ run_id: string }>('segments.refresh', { segments: [] })).run_id);
  for (const name of ['live', 'daily'])
    expect((await membersOf(name)).toSorted()).toEqual([ann, cyd].toSorted());

  // Being written of is no visit.
  expect((await ask<{ sessions: object[] }>('sessions.list', { person: ann })).sessions).toEqual([]);
  const profile = await ask<{ last_seen: string | null }>('profiles.show', { key: 'user_id:ann' });
  expect(profile.last_seen).toBeNull();
});
