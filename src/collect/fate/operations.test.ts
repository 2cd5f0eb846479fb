import { expect, test } from 'vitest';
import type { SourceDirectory } from '../sources/source.ts';
import type { EventFilter } from './events.sql.ts';
import type { FateService } from './fate.service.ts';
import { eventOperations } from './operations.ts';

/** What is asked of the stores. */
async function asked(before: string): Promise<EventFilter | undefined> {
  let filter: EventFilter | undefined;
  const fates: Pick<FateService, 'end' | 'list'> = {
    end: () => 0,
    list: async (given) => {
      filter = given;
      return [];
    },
  };
  const operations = eventOperations(
    fates as FateService,
    {} as never,
    {} as SourceDirectory,
    () => new Set(),
  );
  const list = operations.find((operation) => operation.name === 'events.list');
  const actor = { id: 'u_1', name: 'Ed', kind: 'user', roles: ['viewer'] } as const;
  await list?.handle(list.input.parse({ before }), { actor, request_id: 'r' });
  return filter;
}

test.each([
  '',
  'x~1',
  '+033658-09-27T01:46:39.999Z~1',
  '2026-11-22T10:00:00.000Z~',
  '2026-11-22T10:00:00.000Z~99999999999999999999',
  '2026-11-22T10:00:00.000Z~-1',
])('%j is no cursor', async (before) => {
  await expect(asked(before)).rejects.toMatchObject({ code: 'invalid_input', details: { field: 'before' } });
});

test('a cursor is read as a moment and a position', async () => {
  expect((await asked('2026-11-22~7'))?.before).toEqual({
    received_at: '2026-11-22T00:00:00.000Z',
    position: 7,
  });
});
