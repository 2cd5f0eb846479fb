import type { z } from 'zod';
import type { Definitions, ReleasedDefinition } from '../../govern/contract.ts';
import { type Clock, DAY_MS } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { ProfileReader, TraitSql } from '../../profile/contract.ts';
import type { Identifier, PersonDirectory, PersonSql } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { combinationsOf, membershipsOf } from './members.sql.ts';
import { newcomers } from './newcomers.sql.ts';
import { PRECEDENCE_KIND, parsePrecedence } from './precedence.ts';
import { type Facts, resolveExclusive } from './resolve-exclusive.ts';
import type { SegmentSet, SegmentSetSummary, SetDecision } from './segment-set-output.ts';
import { type AllCombinations, type Combination, setSizes } from './set-sizes.ts';

export interface SegmentSets {
  list(): z.infer<typeof SegmentSetSummary>[];
  /** Sizes over everybody, now. */
  show(name: string): Promise<z.infer<typeof SegmentSet>>;
  /** For a person, or for somebody of whom only facts are known. Facts given go before facts kept. */
  decide(
    name: string,
    who: {
      readonly person?: string | undefined;
      readonly identifier?: Identifier | undefined;
      readonly facts: Partial<Facts>;
    },
  ): Promise<z.infer<typeof SetDecision>>;
}

export interface SegmentSetDeps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly definitions: Definitions;
  readonly people: PersonSql;
  readonly traits: TraitSql;
  readonly directory: PersonDirectory;
  readonly profiles: ProfileReader;
  /** Whether a segment is given out for use, as of now. */
  readonly isGivenOut: () => Promise<(segment: string) => boolean>;
}

/** People seen in these days count as newcomers when they are in no member. */
const SEEN_DAYS = 30;
/** Combinations of members that are counted apart; beyond it the rarest are left out, and it is said how many. */
const MOST_COMBINATIONS = 10_000;
const NO_COMBINATIONS: AllCombinations = { combinations: 0, everybody: 0 };
const FACT_TRAITS = { country: '$country', referrer: '$referrer', device: '$device_type' } as const;

export function createSegmentSets(deps: SegmentSetDeps): SegmentSets {
  const { warehouse, clock, definitions, people, traits, directory, profiles } = deps;
  const released = () => definitions.current(PRECEDENCE_KIND);
  const find = (name: string): ReleasedDefinition => {
    const found = released().find((d) => d.name === name);
    if (found !== undefined) return found;
    throw new AppError('not_found', {
      message: `No set of segments \`${name}\` is released.`,
      field: 'name',
    });
  };
  const summary = ({ name, version, body }: ReleasedDefinition) => {
    const { description, policy, members } = parsePrecedence(body);
    return { name, description, policy, members: members.map((m) => m.segment), version };
  };

  const factsOf = async (person: string): Promise<Facts> => {
    const [profile] = await profiles.profilesOf([person as PersonId]);
    const read = (trait: string) => {
      const value = profile?.read(trait, clock.now_ms())?.value;
      return typeof value === 'string' ? value : '';
    };
    return {
      country: read(FACT_TRAITS.country),
      referrer: referrerHost(read(FACT_TRAITS.referrer)),
      device: read(FACT_TRAITS.device),
    };
  };

  return {
    list: () => released().map(summary),
    async show(name) {
      const definition = find(name);
      const body = parsePrecedence(definition.body);
      const names = body.members.map((m) => m.segment);
      const now_ms = clock.now_ms();
      const trait = (fact: keyof typeof FACT_TRAITS) => traits.traitQuery(FACT_TRAITS[fact], now_ms);
      const window = {
        from: new Date(now_ms - SEEN_DAYS * DAY_MS).toISOString(),
        to: new Date(now_ms).toISOString(),
      };
      const [combinations, unknown] = await Promise.all([
        warehouse.query<Combination & AllCombinations>(combinationsOf(names, MOST_COMBINATIONS)),
        warehouse.query<Facts & { people: number }>(
          newcomers(
            names,
            { country: trait('country'), referrer: trait('referrer'), device: trait('device') },
            window,
            people,
          ),
        ),
      ]);
      return {
        ...summary(definition),
        seen_days: SEEN_DAYS,
        ...setSizes(body, combinations, unknown, combinations[0] ?? NO_COMBINATIONS),
      };
    },
    async decide(name, { person: given, identifier, facts }) {
      const body = parsePrecedence(find(name).body);
      const person =
        given ?? (identifier === undefined ? undefined : (await directory.find(identifier))?.person);
      const memberships =
        person === undefined
          ? []
          : await warehouse.query<{ segment: string; since: string }>(
              membershipsOf(
                person,
                body.members.map((m) => m.segment),
              ),
            );
      const isGivenOut = await deps.isGivenOut();
      const counted = memberships.filter(({ segment }) => isGivenOut(segment));
      const kept =
        person === undefined ? { country: '', referrer: 'direct', device: '' } : await factsOf(person);
      const decision = resolveExclusive(
        counted.map(({ segment, since }) => ({ segment, since_ms: Date.parse(since) })),
        body,
        {
          ...kept,
          ...facts,
          ...(facts.referrer === undefined ? {} : { referrer: referrerHost(facts.referrer) }),
        },
      );
      const held = memberships.filter((one) => !counted.includes(one)).map(({ segment }) => segment);
      const path = [...decision.path];
      return { set: name, person: person ?? null, ...decision, path, memberships: counted, held };
    },
  };
}

/** As `newcomers.sql.ts` has it: `https://www.google.com/x` and `google.com` are `google.com`, nothing is `direct`. */
export function referrerHost(referrer: string): string {
  if (referrer === '' || referrer === 'direct') return 'direct';
  const url = URL.parse(referrer.includes('://') ? referrer : `https://${referrer}`);
  return url === null ? referrer : url.hostname.replace(/^www\./, '');
}
