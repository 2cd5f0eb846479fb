import type { Definitions } from '../../govern/contract.ts';
import { type Clock, DAY_MS } from '../../kernel/clock.ts';
import { maskJson } from '../../kernel/contacts.ts';
import { AppError } from '../../kernel/errors.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { isMoment, isPosition } from '../../kernel/moment-input.ts';
import type { Identifier, NodeId, PersonDirectory, PersonNodeSql } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { ComputedTraits } from '../computed/compile.ts';
import type { PersonProfile, ProfileReader } from '../contract.ts';
import type { GroupTraitReader } from '../groups/groups.service.ts';
import type { SessionQueries } from '../sessions.service.ts';
import { readGroupKey } from '../state/group-key.ts';
import {
  devicesOf,
  type EventOfPerson,
  lastSeen,
  nodesByTrait,
  type TimelinePlace,
  timelineOf,
} from './people.sql.ts';
import type { FoundView, ProfileView, TimelineView } from './profile-schema.ts';
import {
  computedViews,
  consentViews,
  identifierView,
  NAME_TRAITS,
  nameOf,
  traitViews,
  type ViewContext,
} from './profile-view.ts';
import { traitSettings } from './trait-settings.ts';

/** Who is in which segment, for whoever may know (a later stage). */
export interface AudienceReader {
  segmentsOf(people: readonly PersonId[]): Promise<(readonly string[])[]>;
}

interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** Questions about people. `contacts` false: contact data is masked. */
export interface PeopleService {
  search(
    ask: Page & { readonly q: string },
    contacts: boolean,
  ): Promise<{ people: FoundView[]; more: boolean }>;
  show(key: string, contacts: boolean): Promise<ProfileView>;
  timeline(
    key: string,
    ask: {
      event?: string | undefined;
      type?: string | undefined;
      cursor?: string | undefined;
      limit: number;
    },
    contacts: boolean,
  ): Promise<{ person: string; events: TimelineView[]; next: string | null }>;
  exported(
    key: string,
    events_max: number,
  ): Promise<{ profile: ProfileView; events: TimelineView[]; more_events: boolean }>;
}

interface Deps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly definitions: Definitions;
  readonly directory: PersonDirectory;
  readonly sql: PersonNodeSql;
  readonly reader: ProfileReader;
  readonly computed: () => ComputedTraits;
  readonly sessions: SessionQueries;
  readonly groups: GroupTraitReader;
  readonly audiences?: (() => AudienceReader | undefined) | undefined;
}

/** Types that a text without a type is tried as. */
const GUESSES = ['user_id', 'email', 'phone', 'anonymous_id', 'crm_id', 'loyalty_id', 'device_id'];
const KEY = /^([a-z][a-z0-9_]{0,39}):(.+)$/s;
const HEX64 = /^[0-9a-f]{16}$/;
const SESSIONS_MAX = 1_000;
const MATCHES_MAX = 2_000;
const RECENT_DAYS = 7;

export function createPeopleService(deps: Deps): PeopleService {
  const { warehouse, clock, directory, sql: people, reader } = deps;

  const contextOf = (contacts: boolean): ViewContext => ({
    now_ms: clock.now_ms(),
    contacts,
    settings: traitSettings(deps.definitions),
    computed: deps.computed(),
  });

  const profileOf = async (person: PersonId): Promise<PersonProfile | undefined> =>
    (await reader.profilesOf([person]))[0];

  /** The person of `type:value` or `person:id`, also by an id that the person had before a merge. */
  async function personOf(key: string): Promise<PersonId> {
    const [, type = '', value = ''] = KEY.exec(key) ?? [];
    const person = type === 'person' ? await personById(value) : await personBy({ type, value });
    if (person === undefined)
      throw new AppError('not_found', {
        message: 'Nobody has this identifier.',
        field: 'key',
        rule: 'type:value',
      });
    return person;
  }

  async function personById(id: string): Promise<PersonId | undefined> {
    if (!HEX64.test(id)) return undefined;
    const [person] = await directory.personsOf([id as NodeId]);
    if (person === undefined) return undefined;
    const [identifiers = []] = await directory.identifiersOf([person]);
    const isKnown = identifiers.length > 0 || ((await profileOf(person))?.names() ?? []).length > 0;
    return isKnown ? person : undefined;
  }

  async function personBy(identifier: Identifier): Promise<PersonId | undefined> {
    if (identifier.type === '') return undefined;
    return (await directory.find(identifier))?.person;
  }

  async function byIdentifier(q: string): Promise<{ person: PersonId; matched: string } | undefined> {
    const [, type, value] = KEY.exec(q) ?? [];
    if (type === 'person') {
      const person = await personById(value ?? '');
      return person === undefined ? undefined : { person, matched: 'person' };
    }
    const tries = [
      ...(type === undefined || value === undefined ? [] : [{ type, value }]),
      ...GUESSES.map((guess) => ({ type: guess, value: q })),
    ];
    for (const identifier of tries) {
      const person = await personBy(identifier);
      if (person !== undefined) return { person, matched: identifier.type };
    }
    return undefined;
  }

  async function found(
    list: readonly { person: PersonId; matched: string; last_seen?: string | null; events?: number }[],
    contacts: boolean,
  ): Promise<FoundView[]> {
    const ids = list.map((one) => one.person);
    const [identifiers, profiles] = [await directory.identifiersOf(ids), await reader.profilesOf(ids)];
    const now_ms = clock.now_ms();
    return list.map(({ person, matched, last_seen, events }, i) => {
      const leading = identifiers[i]?.[0] ?? { type: 'person', value: person };
      const profile = profiles[i];
      return {
        person,
        identifier: identifierView(leading, contacts),
        name: profile === undefined ? '' : nameOf(profile, now_ms, contacts),
        matched,
        last_seen: last_seen ?? (profile?.read('$last_seen', now_ms)?.value as string | undefined) ?? null,
        events: events ?? null,
      };
    });
  }

  async function recent({
    limit,
    offset,
  }: Page): Promise<{ person: PersonId; matched: string; last_seen: string | null; events: number }[]> {
    type Row = { person_key: PersonId; last_seen: string | null; events: number };
    for (const since_ms of [clock.now_ms() - RECENT_DAYS * DAY_MS, 0]) {
      const rows = await warehouse.query<Row>(lastSeen(people, since_ms, limit + 1, offset));
      if (rows.length > limit || since_ms === 0)
        return rows.map(({ person_key, ...row }) => ({ ...row, person: person_key, matched: '' }));
    }
    return [];
  }

  async function byText(q: string, contacts: boolean): Promise<{ person: PersonId; matched: string }[]> {
    const whole = await byIdentifier(q);
    // Who does not see contacts must not find out by trying.
    const traits = contacts ? [...NAME_TRAITS, 'email'] : [];
    const rows =
      q.length < 2 || traits.length === 0
        ? []
        : await warehouse.query<{ node_key: NodeId; trait: string }>(nodesByTrait(traits, q, MATCHES_MAX));
    const persons = await directory.personsOf(rows.map((row) => row.node_key));
    const matches = new Map<PersonId, string>(whole === undefined ? [] : [[whole.person, whole.matched]]);
    rows.forEach(({ trait }, i) => {
      const person = persons[i];
      if (person !== undefined && !matches.has(person)) matches.set(person, trait);
    });
    return [...matches].map(([person, matched]) => ({ person, matched }));
  }

  async function nodesOf(person: PersonId): Promise<NodeId[]> {
    const [nodes = []] = await directory.nodesOf([person]);
    if (nodes.length === 0) return [];
    const devices = await warehouse.query<{ node_key: NodeId }>(devicesOf(nodes));
    return [...new Set([...nodes, ...devices.map((device) => device.node_key)])];
  }

  async function eventsOf(
    person: PersonId,
    ask: Parameters<typeof timelineOf>[3],
    contacts: boolean,
  ): Promise<TimelineView[]> {
    const nodes = await nodesOf(person);
    if (nodes.length === 0) return [];
    const rows = await warehouse.query<EventOfPerson>(timelineOf(person, nodes, people, ask));
    return rows.map((row) => eventView(row, contacts));
  }

  async function show(person: PersonId, contacts: boolean): Promise<ProfileView> {
    const context = contextOf(contacts);
    const { now_ms } = context;
    const profile = await profileOf(person);
    if (profile === undefined) throw new AppError('not_found', { message: 'Nobody has this identifier.' });
    const [identifiers = []] = await directory.identifiersOf([person]);
    const [segments = []] = (await deps.audiences?.()?.segmentsOf([person])) ?? [];
    const seen = (name: string) => (profile.read(name, now_ms)?.value as string | undefined) ?? null;
    return {
      person,
      nodes: [...profile.nodes],
      identifiers: identifiers.map((identifier) => identifierView(identifier, contacts)),
      first_seen: seen('$first_seen'),
      last_seen: seen('$last_seen'),
      traits: traitViews(profile, context),
      computed: computedViews(profile, context),
      groups: await groupsOf(profile, contacts),
      consent: consentViews(profile, now_ms),
      sessions: await sessionsOf(person),
      segments: [...segments],
    };
  }

  async function groupsOf(profile: PersonProfile, contacts: boolean): Promise<ProfileView['groups']> {
    const memberships = await deps.groups.membershipsOf(profile.nodes);
    const traits = await deps.groups.traitsOf(memberships.map(({ key }) => readGroupKey(key)));
    return memberships.map(({ key, since_ms }, i) => {
      const { type, id } = readGroupKey(key);
      const said = traits[i] ?? {};
      return {
        type,
        id,
        since: new Date(since_ms).toISOString(),
        traits: contacts ? said : (maskJson(said) as typeof said),
      };
    });
  }

  async function sessionsOf(person: PersonId): Promise<ProfileView['sessions']> {
    const list = await deps.sessions.list({ person, from_ms: 0, limit: SESSIONS_MAX });
    return {
      sessions: list.length,
      pages: list.reduce((sum, session) => sum + session.pages, 0),
      first_at: list.at(-1)?.started_at ?? null,
      last_at: list[0]?.started_at ?? null,
      last_campaign: list.find((session) => session.campaign !== '')?.campaign ?? '',
      more: list.length === SESSIONS_MAX,
    };
  }

  return {
    async search({ q, limit, offset }, contacts) {
      const text = q.trim();
      const all =
        text === '' ? await recent({ limit, offset }) : (await byText(text, contacts)).slice(offset);
      return { people: await found(all.slice(0, limit), contacts), more: all.length > limit };
    },
    show: async (key, contacts) => show(await personOf(key), contacts),
    async timeline(key, { cursor, limit, ...filter }, contacts) {
      const person = await personOf(key);
      const events = await eventsOf(
        person,
        { ...filter, before: readCursor(cursor), limit: limit + 1 },
        contacts,
      );
      const shown = events.slice(0, limit);
      const last = events.length > limit ? shown.at(-1) : undefined;
      return {
        person,
        events: shown,
        next: last === undefined ? null : `${Date.parse(last.timestamp)}-${last.position}`,
      };
    },
    async exported(key, events_max) {
      const person = await personOf(key);
      const events = events_max === 0 ? [] : await eventsOf(person, { limit: events_max + 1 }, true);
      return {
        profile: await show(person, true),
        events: events.slice(0, events_max),
        more_events: events.length > events_max,
      };
    },
  };
}

function readCursor(cursor: string | undefined): TimelinePlace | undefined {
  if (cursor === undefined) return undefined;
  const [, at, position] = /^(\d{1,15})-(\d{1,16})$/.exec(cursor) ?? [];
  if (!isMoment(Number(at)) || !isPosition(Number(position)))
    throw new AppError('invalid_input', {
      message: 'Take `next` of the page before as the cursor.',
      field: 'cursor',
    });
  return { at_ms: Number(at), position: Number(position) };
}

function eventView(row: EventOfPerson, contacts: boolean): TimelineView {
  const { node_key, properties, traits, context, bot, user_id, ...rest } = row;
  const read = (text: string): unknown => (contacts ? JSON.parse(text) : maskJson(JSON.parse(text)));
  return {
    ...rest,
    node: node_key,
    // Some use e-mail addresses as ids.
    user_id: contacts ? user_id : (maskJson(user_id) as string),
    properties: read(properties),
    traits: read(traits),
    context: read(context),
    bot: bot === 1,
  };
}
