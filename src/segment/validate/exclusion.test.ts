/** Who is away only briefly: no longer than twice their own usual pause. */
import { expect, test } from 'vitest';
import { DAY_MS } from '../../kernel/clock.ts';
import { RfmSettings } from '../discover/rfm-settings.ts';
import { openEvents, PEOPLE } from '../fixture-events.ts';
import { addMembers } from '../fixture-members.ts';
import { type ExcludedRow, exclusionRows } from './exclusion.sql.ts';
import { peopleSql } from './fixture-validate.ts';

const NOW_MS = Date.parse('2026-11-22T10:00:00.000Z');
const daysAgo = (days: number) => new Date(NOW_MS - days * DAY_MS).toISOString();

test('a pause is brief up to twice the usual one, and not beyond', async () => {
  const { warehouse, store, close } = await openEvents();
  try {
    const usual = [0, 10, 20];
    const silent = { brief: 19, border: 20, gone: 21, long: 29, once: 19, here: 14 };
    await store(
      Object.entries(silent).flatMap(([user, silence]) =>
        (user === 'once' ? [0] : usual).map((back) => ({
          user,
          at: daysAgo(silence + back),
          event: 'Looked',
        })),
      ),
    );
    const settings = RfmSettings.parse({});
    const window = { from: daysAgo(90), to: daysAgo(0) };
    const briefly = async (user: string) => {
      await addMembers(warehouse, user, peopleSql([user]), NOW_MS);
      const rows = await warehouse.query<ExcludedRow>(
        exclusionRows(user, settings, { window, history: window, inactive_days: 15 }, PEOPLE),
      );
      const { inactive, brief } = rows.find(({ excluded }) => excluded === 1) ?? {};
      return [inactive, brief];
    };
    expect(await briefly('brief')).toEqual([1, 1]);
    expect(await briefly('border')).toEqual([1, 1]);
    expect(await briefly('gone')).toEqual([1, 0]);
    expect(await briefly('long')).toEqual([1, 0]);
    // One day has no pause to compare with, and who was here lately is not away.
    expect(await briefly('once')).toEqual([1, 0]);
    expect(await briefly('here')).toEqual([0, 0]);
  } finally {
    await close();
  }
}, 60_000);
