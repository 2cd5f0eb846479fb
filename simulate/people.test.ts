import { isbot } from 'isbot';
import { describe, expect, test } from 'vitest';
import { createRng } from '../src/kernel/rng.ts';
import { createCrm, misspell } from './crm.ts';
import { createPeople } from './people.ts';
import { REGIONS } from './regions.ts';
import { CRAWLER_AGENTS } from './user-agents.ts';

const { people, devices } = createPeople(createRng(4), { people: 4_000, days: 90, categories: 8 });

describe('people', () => {
  test('addresses and account ids are unique, and no address can be reached', () => {
    expect(new Set(people.map((p) => p.email)).size).toBe(people.length);
    expect(new Set(people.map((p) => p.user_id)).size).toBe(people.length);
    expect(people.every((p) => p.email.endsWith('.example') && /^[a-z0-9.@-]+$/.test(p.email))).toBe(true);
    expect(people.every((p) => /^\+\d{9,15}$/.test(p.phone))).toBe(true);
  });

  test('some have several devices, some share one, and each device knows its people', () => {
    expect(people.filter((p) => p.devices.length > 1).length).toBeGreaterThan(people.length * 0.3);
    const shared = devices.filter((d) => d.owners.length > 1);
    expect(shared.length).toBeGreaterThan(people.length * 0.04);
    for (const person of people)
      for (const d of person.devices) expect(devices[d]?.owners).toContain(person.index);
  });

  test('browsers and the app look like people to a bot filter, crawlers do not', () => {
    expect([...new Set(devices.map((d) => d.user_agent))].filter((agent) => isbot(agent))).toEqual([]);
    expect(CRAWLER_AGENTS.filter((agent) => !isbot(agent))).toEqual([]);
  });

  test('where the law asks for an opt-in, fewer agree', () => {
    const share = (regime: string) => {
      const asked = people.filter((p) => REGIONS[p.region]?.consent_regime === regime);
      return asked.filter((p) => p.consent.first.advertising).length / asked.length;
    };
    expect(share('opt_in')).toBeLessThan(share('opt_out') - 0.3);
  });

  test('customers come and go', () => {
    const gone = people.filter((p) => p.churn_day !== null && p.churn_day < 90);
    expect(gone.length).toBeGreaterThan(people.length * 0.2);
    expect(gone.every((p) => (p.churn_day ?? 0) > p.join_day)).toBe(true);
  });
});

describe('crm', () => {
  const rows = createCrm(createRng(4), people, Date.UTC(2026, 2, 1));

  test('a line without errors is the person; a line with errors is not', () => {
    for (const row of rows) {
      if (row.person < 0) continue;
      const person = people[row.person];
      const same =
        row.first_name === person?.given_name &&
        row.last_name === person.family_name &&
        row.email === person.email &&
        row.phone === person.phone &&
        row.birth_date === person.birth_date &&
        row.city === person.city &&
        row.postcode === person.postcode;
      if (row.errors.length === 0) expect(same).toBe(true);
    }
    expect(rows.filter((r) => r.errors.length > 0).length).toBeGreaterThan(rows.length * 0.5);
  });

  test('ids are unique, some people stand twice, some lines belong to nobody', () => {
    expect(new Set(rows.map((r) => r.crm_id)).size).toBe(rows.length);
    const links = rows.filter((r) => r.person >= 0).map((r) => r.person);
    expect(links.length - new Set(links).size).toBeGreaterThan(100);
    expect(rows.length - links.length).toBe(Math.round(people.length * 0.08));
  });

  test('a slip of the finger changes at most two letters', () => {
    const rng = createRng(9);
    for (let n = 0; n < 300; n++) {
      const slipped = misspell(rng, 'Hoffmann');
      expect(Math.abs(slipped.length - 8)).toBeLessThanOrEqual(1);
      expect(slipped.startsWith('H')).toBe(true);
    }
  });
});
