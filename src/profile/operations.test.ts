import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OperationContext } from '../kernel/operation.ts';
import { SESSIONS } from './contract.ts';
import { ANN, iso, NOW, openProfile, type ProfileFixture, personKey, runStep, stored } from './fixture.ts';

let profile: ProfileFixture;
const context: OperationContext = {
  actor: { id: 'usr_1', name: 'A', kind: 'user', roles: ['viewer'] },
  request_id: 'r',
};
const minutesAgo = (minutes: number) => iso(Date.parse(NOW) - minutes * 60_000);

beforeAll(async () => {
  profile = await openProfile({ runaway_events: 3 });
  const events = [
    stored(1, { timestamp: minutesAgo(5) }),
    stored(2, { timestamp: minutesAgo(4) }),
    stored(3, { timestamp: minutesAgo(300) }),
    stored(4, { user_id: 'bob', timestamp: minutesAgo(125) }),
    stored(5, { user_id: 'bot', timestamp: minutesAgo(2), bot: 1 }),
    ...[6, 7, 8, 9].map((n) => stored(n, { user_id: 'run', timestamp: minutesAgo(130) })),
  ];
  const { rows, online } = await runStep(profile.sessions.step, events);
  await profile.warehouse.insert(SESSIONS, rows);
  await profile.online.commit(online);
  profile.sessions.step.committed();
});
afterAll(() => profile.close());

function ask(name: string, input: unknown) {
  const operation = profile.stage.operations.find((o) => o.name === name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  return operation
    .handle(operation.input.parse(input), context)
    .then((answer) => operation.output.parse(answer));
}

describe('operations', () => {
  test('list sessions of one person, newest first', async () => {
    expect(await ask('sessions.list', { person: ANN })).toMatchObject({
      sessions: [
        { person_id: ANN, events: 2, ended_at: minutesAgo(4), version: 2 },
        { person_id: ANN, events: 1, ended_at: minutesAgo(300) },
      ],
    });
    expect(await ask('sessions.list', { person: '0'.repeat(16) })).toEqual({ sessions: [] });
  });

  test('list everybody, as many as asked for', async () => {
    expect(await ask('sessions.list', { limit: '1' })).toMatchObject({
      sessions: [{ person_id: personKey({ user_id: 'bot', anonymous_id: '' }), bot: 1 }],
    });
  });

  test('summarise hours, with bots and runaways apart, and what is live', async () => {
    expect(await ask('sessions.summary', { hours: '4' })).toEqual({
      hours: [
        { hour: '2026-11-22T07:00:00.000Z', sessions: 1, people: 1, events: 1, bots: 0, runaway: 1 },
        { hour: '2026-11-22T09:00:00.000Z', sessions: 1, people: 1, events: 2, bots: 1, runaway: 0 },
      ],
      live: 1,
    });
  });
});

test('every column and key with data about people is in the manifest', async () => {
  const columns = await profile.warehouse.query<{ name: string }>({
    is: 'sql',
    chunks: [
      {
        is: 'raw',
        text: "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'sessions'",
      },
    ],
  });
  const listed = [...profile.stage.personal_fields, ...profile.stage.plain_fields].map((f) => f.field);
  expect(listed.filter((f) => f.startsWith('sessions.')).toSorted()).toEqual(
    columns.map((c) => `sessions.${c.name}`).toSorted(),
  );
  const keys = (await profile.online.scan<unknown>('', { limit: 100 })).map(
    (entry) => `online:${entry.key.split(':')[0]}`,
  );
  expect(new Set(keys).isSubsetOf(new Set(listed))).toBe(true);
});
