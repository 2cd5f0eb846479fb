import { EVENTS } from '../../collect/contract.ts';
import type { Run, RunHandle, Runs } from '../../govern/contract.ts';
import { type FixedClock, fixedClock } from '../../kernel/clock.ts';
import { silentLogger } from '../../kernel/logger.ts';
import type { Actor } from '../../kernel/operation.ts';
import { createRng } from '../../kernel/rng.ts';
import { IDENTITIES, type Identifier, type PersonDirectory, type ResolveCommands } from '../contract.ts';
import { nodeIdOf } from '../graph/unit.ts';
import type { ResolveWork } from '../index.ts';
import { personSql } from '../person.sql.ts';
import { openStores, type Stores } from './fixture.ts';
import { createMatching, type Matching } from './index.ts';
import type { MatchRun, Proposal } from './shapes.ts';

const NOW = '2026-11-25T10:00:00.000Z';
export const ACTOR: Actor = { id: 'usr_1', name: 'Ada', kind: 'user', roles: ['editor'] };
const FIRST = ['ann', 'bob', 'cleo', 'dora', 'emil', 'fritz', 'gina', 'hugo', 'ines', 'jakob', 'kim', 'lars'];
const LAST = [
  'abel',
  'berger',
  'castor',
  'dorn',
  'engel',
  'falk',
  'gruber',
  'haas',
  'imhof',
  'jansen',
  'keller',
  'lang',
];

/** People linked with the list `crm`. */
export const RULES = {
  mode: 'link',
  left: 'people',
  right: { list: 'crm' },
  fields: [
    { name: 'first_name', from: ['first_name', 'given'], clean: 'name' },
    { name: 'last_name', clean: 'name' },
    { name: 'email', clean: 'email' },
    { name: 'postcode', from: ['address.postal_code'], clean: 'postcode' },
  ],
  blocking: [['email'], ['first_name', 'last_name'], ['last_name', 'postcode']],
  comparisons: [
    {
      name: 'first_name',
      field: 'first_name',
      levels: [{ is: 'exact' }, { is: 'jaro_winkler', at_least: 0.85 }],
    },
    {
      name: 'last_name',
      field: 'last_name',
      levels: [{ is: 'exact' }, { is: 'jaro_winkler', at_least: 0.85 }],
    },
    { name: 'email', field: 'email', levels: [{ is: 'exact' }] },
    { name: 'postcode', field: 'postcode', levels: [{ is: 'exact' }], term_frequency: true },
  ],
  accept: { probability: 0.99 },
  review: { probability: 0.05 },
  auto: true,
  consent_category: 'personalisation',
};

const rng = createRng(3);
const pick = (list: readonly string[]) => list[rng.int(list.length)] ?? '';
/** One in five has not agreed to be joined with what a list knows. */
export const people = Array.from({ length: 300 }, (_, i) => ({
  id: `u${i}`,
  first_name: pick(FIRST),
  last_name: pick(LAST),
  email: `p${i}@mail.example`,
  postcode: String(10_000 + rng.int(40)),
  agrees: i % 5 !== 0,
}));

export function eventOf(position: number, p: (typeof people)[number], traits: object) {
  return JSON.stringify({
    position,
    type: 'identify',
    user_id: p.id,
    message_id: `m${position}`,
    timestamp: NOW,
    received_at: NOW,
    traits: JSON.stringify(traits),
    context: JSON.stringify({ consent: { categoryPreferences: { personalisation: p.agrees } } }),
  });
}

const line = (p: (typeof people)[number], i: number): string => {
  const email = i % 3 === 0 ? '' : p.email;
  const last = i % 7 === 0 ? `${p.last_name}s` : p.last_name;
  return `c${i},"${p.first_name}",${last},${email},${p.postcode}`;
};
/** 200 of the people with slips and gaps, and three lines that cannot be used. */
export const CSV = [
  'Id,First Name,last_name,E-mail,zip',
  ...people.slice(0, 200).map(line),
  'c1,again,x,,',
  'c999,,,,',
  ',no,id,,',
].join('\n');
export const MAPPING = { name: 'crm', id_column: 'Id', columns: { 'E-mail': 'email', zip: 'postcode' } };

/** The product's path. The identity graph is played by a list of what was asked of it. */
export interface Product {
  readonly stores: Stores;
  readonly matching: Matching;
  readonly clock: FixedClock;
  /** Groups of identifiers that were to be joined. */
  readonly asked: Identifier[][];
  /** What is released as rules `crm`, and what the identity rules drop. */
  readonly play: { body: unknown; dropping: readonly Identifier[] };
  call<Answer>(name: string, input: object): Promise<Answer>;
  /** A run from start to end. */
  runOnce(): Promise<MatchRun>;
  proposalsIn(state: string): Promise<{ proposals: Proposal[]; total: number }>;
}

/** `graphOver`: a real identity graph over the warehouse without anybody yet, instead of the one that is played. */
export async function openProduct(
  graphOver?: (warehouse: Stores['warehouse']) => Pick<ResolveWork, 'commands' | 'directory'>,
): Promise<Product> {
  const stores = await openStores();
  const clock = fixedClock(NOW);
  const asked: Identifier[][] = [];
  const play: Product['play'] = { body: RULES, dropping: [] };
  let finished: Promise<unknown> = Promise.resolve();
  const runs: Runs = {
    async start(kind, subject, actor, work) {
      const handle: RunHandle = { signal: new AbortController().signal, progress: () => {} };
      finished = work(handle);
      finished.catch(() => {});
      return { ...RUN, kind, subject, actor_id: actor.id };
    },
  };
  const persons = new Map<string, string>();
  const join = async (identifiers: readonly Identifier[]): Promise<void> => {
    const nodes = identifiers.map(({ type, value }) => ({ type, id: nodeIdOf(type, value) as string }));
    const leading = nodes.find(({ type }) => type === 'user_id') ?? nodes[0];
    const person = persons.get(leading?.id ?? '') ?? leading?.id ?? '';
    for (const { id } of nodes) persons.set(id, person);
    const rows = nodes.map(({ type, id }) =>
      JSON.stringify({ type, node: decimal(id), person: decimal(person), version: 1 }),
    );
    await stores.warehouse.insert(IDENTITIES, rows);
  };
  const directory = {
    async find({ type, value }: Identifier) {
      const node = nodeIdOf(type, value);
      return { node, person: persons.get(node) ?? node };
    },
    personsOf: async (nodes: readonly string[]) => nodes.map((node) => persons.get(node) ?? node),
  };
  const commands = {
    async link({ identifiers }: { identifiers: readonly Identifier[] }) {
      asked.push([...identifiers]);
      const [identifier] = play.dropping;
      if (identifier === undefined) await join(identifiers);
      const reason =
        identifier === undefined
          ? null
          : { identifier, rule: `limit ${identifier.type} ever`, unmerge: null };
      return { person: '0'.repeat(16), joined: reason === null, dropped: play.dropping, reason };
    },
    linkMany: ({ groups }: { groups: readonly (readonly Identifier[])[] }) =>
      Promise.all(groups.map((identifiers) => commands.link({ identifiers }))),
  };
  const matching = createMatching({
    ...stores,
    clock,
    logger: silentLogger,
    definitions: {
      current: () => [{ kind: 'matching-rules', name: 'crm', version: 1, body: play.body }],
      release: () => 1,
      onRelease: () => {},
    },
    runs,
    sql: personSql,
    ...(graphOver?.(stores.warehouse) ?? {
      directory: directory as unknown as PersonDirectory,
      commands: commands as unknown as ResolveCommands,
    }),
  });
  if (graphOver === undefined)
    await stores.warehouse.insert(
      EVENTS,
      people.flatMap((p, i) => [
        eventOf(2 * i + 1, p, {
          email: p.email.toUpperCase(),
          given: p.first_name,
          address: { postal_code: p.postcode },
        }),
        eventOf(2 * i + 2, p, { last_name: p.last_name, first_name: null, email: '' }),
      ]),
    );
  const call = <Answer>(name: string, input: object): Promise<Answer> => {
    const operation = matching.operations.find((one) => one.name === name);
    if (operation === undefined) throw new Error(`no operation ${name}`);
    const answer = operation.handle(operation.input.parse(input), { actor: ACTOR, request_id: 'r' });
    return answer.then((value) => operation.output.parse(value) as Answer);
  };
  return {
    stores,
    matching,
    clock,
    asked,
    play,
    call,
    async runOnce() {
      clock.advance(60_000);
      const { run } = await call<{ run: MatchRun }>('matching.run', { rules: 'crm' });
      await finished;
      return (await call<{ run: MatchRun }>('matching.show-run', { id: run.id })).run;
    },
    proposalsIn: (state) => call('matching.proposals', { state, limit: 500 }),
  };
}

const decimal = (hex: string): string => BigInt(`0x${hex}`).toString();

const RUN: Run = {
  id: 'run_1',
  kind: '',
  subject: '',
  state: 'running',
  progress: 0,
  doing: '',
  actor_id: '',
  started_at: NOW,
  ended_at: null,
  result: null,
  error: '',
};
