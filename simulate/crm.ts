/** The list that the sales team keeps: most customers, some twice, some who never visit; with the errors such lists have. */
import { DAY_MS } from '../src/kernel/clock.ts';
import type { Rng } from '../src/kernel/rng.ts';
import { cell } from './cell.ts';
import { pick } from './draws.ts';
import { dayText } from './iso-time.ts';
import { FAMILY_NAMES, GIVEN_NAMES, plainName } from './names.ts';
import type { Person } from './people.ts';
import { REGIONS } from './regions.ts';

/** One line of crm.csv, and the truth about it. Empty text stands for missing. */
export interface CrmRow {
  readonly crm_id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly phone: string;
  readonly birth_date: string;
  readonly city: string;
  readonly postcode: string;
  readonly country: string;
  readonly loyalty_id: string;
  readonly created_on: string;
  /** Index of the person; -1 for a prospect who is not in the market. Not in the file. */
  readonly person: number;
  /** Names of the errors in this line. Not in the file. */
  readonly errors: readonly CrmError[];
}

export const CRM_ERRORS = [
  'misspelt_first_name',
  'misspelt_last_name',
  'misspelt_email',
  'missing_email',
  'missing_phone',
  'missing_birth_date',
  'swapped_names',
  'phone_without_country',
  'plain_letters',
  'moved',
] as const;
export type CrmError = (typeof CRM_ERRORS)[number];

const LISTED_SHARE = 0.7;
const TWICE_SHARE = 0.08;
const PROSPECT_SHARE = 0.08;

type Draft = { -readonly [K in Exclude<keyof CrmRow, 'errors'>]: CrmRow[K] } & { errors: CrmError[] };

/** In random order. */
export function createCrm(root: Rng, people: readonly Person[], start_ms: number): CrmRow[] {
  const rng = root.fork('crm');
  const rows: Draft[] = [];
  for (const person of people) {
    if (rng.next() >= LISTED_SHARE) continue;
    rows.push(spoil(rng, rowOf(rng, person, start_ms)));
    if (rng.next() < TWICE_SHARE) rows.push(spoil(rng, spoil(rng, rowOf(rng, person, start_ms))));
  }
  for (let n = Math.round(people.length * PROSPECT_SHARE); n > 0; n--)
    rows.push(spoil(rng, prospect(rng, start_ms)));
  for (let i = rows.length - 1; i > 0; i--) {
    const j = rng.int(i + 1);
    const held = cell(rows, i);
    rows[i] = cell(rows, j);
    rows[j] = held;
  }
  return rows.map((row, i) => ({ ...row, crm_id: `C${String(500_001 + i)}` }));
}

const createdOn = (rng: Rng, start_ms: number) => dayText(start_ms - (1 + rng.int(900)) * DAY_MS);

const rowOf = (rng: Rng, person: Person, start_ms: number): Draft => ({
  crm_id: '',
  first_name: person.given_name,
  last_name: person.family_name,
  email: person.email,
  phone: person.phone,
  birth_date: person.birth_date,
  city: person.city,
  postcode: person.postcode,
  country: cell(REGIONS, person.region).country,
  loyalty_id: person.loyalty_id !== null && rng.next() < 0.5 ? person.loyalty_id : '',
  created_on: createdOn(rng, start_ms),
  person: person.index,
  errors: [],
});

function prospect(rng: Rng, start_ms: number): Draft {
  const region = pick(rng, REGIONS);
  const first_name = pick(rng, GIVEN_NAMES[region.tongue]);
  const last_name = pick(rng, FAMILY_NAMES[region.tongue]);
  const [city, postcode] = pick(rng, region.cities);
  return {
    crm_id: '',
    first_name,
    last_name,
    email: `${plainName(first_name)}.${plainName(last_name)}${1 + rng.int(9999)}@prospect.example`,
    phone: `${region.phone[0]}${String(rng.int(10 ** region.phone[1])).padStart(region.phone[1], '2')}`,
    birth_date: `${1946 + rng.int(60)}-0${1 + rng.int(9)}-1${rng.int(10)}`,
    city,
    postcode,
    country: region.country,
    loyalty_id: '',
    created_on: createdOn(rng, start_ms),
    person: -1,
    errors: [],
  };
}

const SPOILERS: readonly (readonly [CrmError, number, (rng: Rng, row: Draft) => void])[] = [
  [
    'misspelt_first_name',
    0.07,
    (rng, row) => {
      row.first_name = misspell(rng, row.first_name);
    },
  ],
  [
    'misspelt_last_name',
    0.08,
    (rng, row) => {
      row.last_name = misspell(rng, row.last_name);
    },
  ],
  [
    'plain_letters',
    0.06,
    (_rng, row) => {
      row.first_name = capital(plainName(row.first_name));
      row.last_name = capital(plainName(row.last_name));
    },
  ],
  [
    'misspelt_email',
    0.05,
    (rng, row) => {
      row.email =
        misspell(rng, row.email.slice(0, row.email.indexOf('@'))) + row.email.slice(row.email.indexOf('@'));
    },
  ],
  [
    'missing_email',
    0.22,
    (_rng, row) => {
      row.email = '';
    },
  ],
  [
    'missing_phone',
    0.3,
    (_rng, row) => {
      row.phone = '';
    },
  ],
  [
    'phone_without_country',
    0.12,
    (_rng, row) => {
      row.phone = row.phone === '' ? '' : `0${row.phone.replace(/^\+(1|\d\d)/, '')}`;
    },
  ],
  [
    'missing_birth_date',
    0.35,
    (_rng, row) => {
      row.birth_date = '';
    },
  ],
  [
    'swapped_names',
    0.025,
    (_rng, row) => {
      const held = row.first_name;
      row.first_name = row.last_name;
      row.last_name = held;
    },
  ],
  [
    'moved',
    0.06,
    (rng, row) => {
      const [city, postcode] = pick(
        rng,
        pick(
          rng,
          REGIONS.filter((r) => r.country === row.country),
        ).cities,
      );
      row.city = city;
      row.postcode = postcode;
    },
  ],
];

const TEXT_FIELDS = ['first_name', 'last_name', 'email', 'phone', 'birth_date', 'city', 'postcode'] as const;

/** Adds errors to a line; names those that changed something. */
function spoil(rng: Rng, row: Draft): Draft {
  for (const [name, share, change] of SPOILERS) {
    if (rng.next() >= share) continue;
    const before = { ...row };
    change(rng, row);
    if (TEXT_FIELDS.some((field) => row[field] !== before[field]) && !row.errors.includes(name))
      row.errors.push(name);
  }
  return row;
}

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** One slip of the finger: two letters swapped, one lost, one doubled, or a neighbour's key. */
export function misspell(rng: Rng, word: string): string {
  const letters = [...word];
  if (letters.length < 3) return word;
  const at = 1 + rng.int(letters.length - 2);
  const letter = cell(letters, at);
  const kind = rng.int(4);
  if (kind === 0) letters.splice(at, 2, cell(letters, at + 1), letter);
  else if (kind === 1) letters.splice(at, 1);
  else if (kind === 2) letters.splice(at, 0, letter);
  else letters[at] = cell('abcdefghijklmnopqrstuvwxyz', rng.int(26));
  return letters.join('');
}
