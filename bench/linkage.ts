/**
 * Matching at size: records of people, a quarter of them written down again with errors, and the truth known. Timed is all that
 * a run of the product does before anything is proposed: reading and cleaning, blocking, comparing, estimating, weighing, clustering.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { misspell } from '../simulate/crm.ts';
import { silentLogger } from '../src/kernel/logger.ts';
import { statements } from '../src/kernel/migration-files.ts';
import { createRng, type Rng } from '../src/kernel/rng.ts';
import { statement } from '../src/kernel/sql.ts';
import { clusterEdges } from '../src/resolve/matching/clusters.ts';
import { type Scored, scorePairs } from '../src/resolve/matching/engine.service.ts';
import { UNMERGED } from '../src/resolve/matching/fixture.ts';
import { curveOf, thresholdFor } from '../src/resolve/matching/precision.ts';
import { listRecords, MATCH_RECORDS } from '../src/resolve/matching/records.sql.ts';
import { MatchingRulesBody } from '../src/resolve/matching/rules.ts';
import { weightOf } from '../src/resolve/matching/weights.ts';
import { openWarehouse } from '../src/stores/warehouse/open.ts';
import type { Warehouse } from '../src/stores/warehouse/port.ts';

const BATCH = 50_000;
const AGAIN_SHARE = 0.25;

export async function linkage({ records, seed }: { records: number; seed: number }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-linkage-'));
  const warehouse = await openWarehouse(`chdb:${folder}`, { logger: silentLogger });
  try {
    const script = new URL('../src/resolve/migrations/warehouse/010-matching.sql', import.meta.url);
    for (const each of statements(readFileSync(script, 'utf8'))) await warehouse.execute(statement(each));
    const truth = await generate(warehouse, records, createRng(seed));
    const start = performance.now();
    const list = { list: 'bench', identifier_type: 'bench_id' };
    const source = listRecords(RULES, list, 0, UNMERGED);
    const scored = await scorePairs(warehouse, { rules: RULES, source, token: 'bench' });
    const groups = await clustersOf(scored);
    const seconds = (performance.now() - start) / 1_000;
    await scored.drop();
    return {
      records,
      pairs: scored.compared_pairs,
      seconds: Math.round(seconds * 10) / 10,
      rss_mb_max: Math.round(process.resourceUsage().maxRSS / 1_024),
      ...accuracy(groups, truth),
    };
  } finally {
    await warehouse.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function clustersOf(scored: Scored): Promise<readonly (readonly number[])[]> {
  const threshold = thresholdFor(curveOf(scored.bins, []), 0.99)?.weight ?? 0;
  return clusterEdges(await scored.edges(Math.max(threshold, weightOf(0.5))), RULES).groups;
}

/** Numbers of records follow their ids, which are padded: record n is the n-th generated. */
function accuracy(groups: readonly (readonly number[])[], truth: Int32Array) {
  let found = 0;
  let hits = 0;
  for (const group of groups)
    group.forEach((l, i) => {
      for (const r of group.slice(i + 1)) {
        found++;
        if (truth[l] === truth[r]) hits++;
      }
    });
  const sizes = new Map<number, number>();
  for (const person of truth) sizes.set(person, (sizes.get(person) ?? 0) + 1);
  const real = [...sizes.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
  const round = (x: number) => Math.round(x * 10_000) / 10_000;
  const [precision, recall] = [hits / found, hits / real];
  return {
    precision: round(precision),
    recall: round(recall),
    f1: round((2 * precision * recall) / (precision + recall)),
  };
}

const RULES = MatchingRulesBody.parse({
  mode: 'dedupe',
  left: { list: 'bench' },
  fields: [
    { name: 'first_name', clean: 'name' },
    { name: 'last_name', clean: 'name' },
    { name: 'birth_date', clean: 'date' },
    { name: 'postcode', clean: 'postcode' },
    { name: 'email', clean: 'email' },
    { name: 'phone', clean: 'phone' },
  ],
  blocking: [
    ['email'],
    ['phone'],
    ['last_name', 'birth_date'],
    ['birth_date', 'postcode'],
    ['last_name', 'postcode'],
    ['first_name', 'birth_date'],
    [
      'first_name',
      { field: 'birth_date', as: 'prefix', length: 7 },
      { field: 'last_name', as: 'prefix', length: 2 },
    ],
  ],
  comparisons: [
    {
      name: 'first_name',
      field: 'first_name',
      levels: [{ is: 'exact' }, { is: 'swapped', with: 'last_name' }, { is: 'jaro_winkler', at_least: 0.88 }],
      term_frequency: true,
    },
    {
      name: 'last_name',
      field: 'last_name',
      levels: [{ is: 'exact' }, { is: 'jaro_winkler', at_least: 0.88 }],
      term_frequency: true,
    },
    {
      name: 'birth_date',
      field: 'birth_date',
      levels: [{ is: 'exact' }, { is: 'damerau_levenshtein', at_most: 1 }, { is: 'date_within', days: 366 }],
    },
    {
      name: 'postcode',
      field: 'postcode',
      levels: [{ is: 'exact' }, { is: 'damerau_levenshtein', at_most: 1 }],
    },
    { name: 'email', field: 'email', levels: [{ is: 'exact' }, { is: 'damerau_levenshtein', at_most: 2 }] },
    { name: 'phone', field: 'phone', levels: [{ is: 'exact' }, { is: 'damerau_levenshtein', at_most: 1 }] },
  ],
});

type Fields = Record<'first_name' | 'last_name' | 'birth_date' | 'postcode' | 'email' | 'phone', string>;

/** Writes the records and returns the person of each. */
async function generate(warehouse: Warehouse, records: number, rng: Rng): Promise<Int32Array> {
  const truth = new Int32Array(records);
  const firsts = names(rng, 1_500, 2);
  const lasts = names(rng, 30_000, 3);
  const people: Fields[] = [];
  for (let from = 0; from < records; from += BATCH) {
    const lines: string[] = [];
    for (let n = from; n < Math.min(records, from + BATCH); n++) {
      const again = people.length > 0 && rng.next() < AGAIN_SHARE;
      const person = again ? rng.int(people.length) : people.length;
      if (!again) people.push(drawPerson(rng, firsts, lasts, person));
      truth[n] = person;
      const fields = again ? spoil(rng, people[person] as Fields) : (people[person] as Fields);
      lines.push(
        JSON.stringify({ list: 'bench', record_id: String(n).padStart(9, '0'), fields, version: 1 }),
      );
    }
    await warehouse.insert(MATCH_RECORDS, lines);
  }
  return truth;
}

const SYLLABLES =
  'an be ca do el fi ga ho is jo ka li ma no or pe qui ra so ta ul vi wen xa yo zu sch tr ng ei'.split(' ');

/** Made-up names, all different; the first are common, as in life. */
function names(rng: Rng, count: number, syllables: number): string[] {
  const found = new Set<string>();
  while (found.size < count)
    found.add(
      Array.from({ length: syllables + rng.int(2) }, () => SYLLABLES[rng.int(SYLLABLES.length)] ?? '').join(
        '',
      ),
    );
  return [...found];
}

/** The k-th is drawn about 1/k as often as the first. */
const zipf = (rng: Rng, list: readonly string[]): string =>
  list[Math.min(list.length - 1, Math.floor(list.length ** rng.next()) - 1)] ?? '';

const two = (n: number) => String(n).padStart(2, '0');
const maybe = (rng: Rng, share: number, value: string) => (rng.next() < share ? value : '');

function drawPerson(rng: Rng, firsts: readonly string[], lasts: readonly string[], person: number): Fields {
  const first_name = zipf(rng, firsts);
  const last_name = zipf(rng, lasts);
  return {
    first_name,
    last_name,
    birth_date: `${1940 + rng.int(65)}-${two(1 + rng.int(12))}-${two(1 + rng.int(28))}`,
    postcode: String(10_000 + rng.int(8_000)),
    email: maybe(rng, 0.7, `${first_name}.${last_name}${person.toString(36)}@mail.example`),
    phone: maybe(rng, 0.6, `49${String(150_000_000 + rng.int(800_000_000))}`),
  };
}

/** The same person, written down again. */
function spoil(rng: Rng, of: Fields): Fields {
  const slip = (share: number, value: string) =>
    value !== '' && rng.next() < share ? misspell(rng, value) : value;
  const swap = rng.next() < 0.02;
  return {
    first_name: slip(0.1, swap ? of.last_name : of.first_name),
    last_name: slip(0.1, swap ? of.first_name : of.last_name),
    birth_date: maybe(rng, 0.9, slip(0.05, of.birth_date).replace(/[a-z]/g, '1')),
    postcode: rng.next() < 0.1 ? String(10_000 + rng.int(8_000)) : of.postcode,
    email: maybe(rng, 0.8, slip(0.05, of.email)),
    phone: maybe(rng, 0.8, slip(0.05, of.phone).replace(/[a-z]/g, '0')),
  };
}
