import { DAY_MS } from '../../kernel/clock.ts';
import { isContactName, maskJson, maskText } from '../../kernel/contacts.ts';
import type { Identifier } from '../../resolve/contract.ts';
import type { ComputedTraits, EventTrait, SqlTrait } from '../computed/compile.ts';
import type { PersonProfile, TraitReading } from '../contract.ts';
import { CONSENT_PREFIX } from '../state/consent.ts';
import type { ComputedView, IdentifierShown, ProfileView, TraitView } from './profile-schema.ts';
import { isStale, originOf, settingsOf, type TraitSettings } from './trait-settings.ts';

/** What a view is made with: who reads, when, and what the team says of traits. */
export interface ViewContext {
  readonly now_ms: number;
  /** False: contact data is masked and sensitive traits are hidden. */
  readonly contacts: boolean;
  readonly settings: ReadonlyMap<string, TraitSettings>;
  readonly computed: ComputedTraits;
}

export function identifierView({ type, value }: Identifier, contacts: boolean): IdentifierShown {
  if (contacts) return { type, value, masked: false };
  // Some use e-mail addresses as ids.
  const shown = isContactName(type) ? maskText(value) : String(maskJson(value));
  return { type, value: shown, masked: shown !== value };
}

function shown(name: string, { value }: TraitReading, sensitive: boolean, contacts: boolean) {
  if (contacts) return { value, masked: false };
  if (sensitive) return { value: null, masked: true };
  const masked = maskJson(value, name);
  return { value: masked, masked: JSON.stringify(masked) !== JSON.stringify(value) };
}

export function traitViews(profile: PersonProfile, context: ViewContext): TraitView[] {
  const { now_ms, settings, computed } = context;
  return profile.names().flatMap((name): TraitView[] => {
    const isMade = computed.of_events.has(name) || computed.of_sql.has(name);
    const reading = isMade || name.startsWith(CONSENT_PREFIX) ? undefined : profile.read(name, now_ms);
    if (reading === undefined) return [];
    const of = settingsOf(settings, name);
    return [
      {
        name,
        ...shown(name, reading, of.sensitive, context.contacts),
        at: new Date(reading.at_ms).toISOString(),
        age_days: Math.max(0, Math.floor((now_ms - reading.at_ms) / DAY_MS)),
        source_id: reading.source_id,
        origin: originOf(name),
        label: of.label,
        unit: of.unit,
        sensitive: of.sensitive,
        fresh_for_days: of.fresh_for_days,
        stale: isStale(of, reading.at_ms, now_ms),
      },
    ];
  });
}

export function computedViews(profile: PersonProfile, context: ViewContext): ComputedView[] {
  const { of_events, of_sql } = context.computed;
  return [...of_events.values(), ...of_sql.values()].map((trait) => computedView(profile, trait, context));
}

function computedView(
  profile: PersonProfile,
  trait: EventTrait | SqlTrait,
  context: ViewContext,
): ComputedView {
  const { now_ms, settings } = context;
  const { name, body } = trait;
  const reading = profile.read(name, now_ms);
  const of = settingsOf(settings, name);
  return {
    name,
    ...(reading === undefined
      ? { value: null, masked: false }
      : shown(name, reading, of.sensitive, context.contacts)),
    at: reading === undefined ? null : new Date(reading.at_ms).toISOString(),
    calc: body.calc,
    label: of.label || body.label,
    unit: of.unit || body.unit,
    state: profile.isPending(name) ? 'computing' : 'ready',
    fresh_for_days: of.fresh_for_days,
    stale: reading !== undefined && isStale(of, reading.at_ms, now_ms),
  };
}

export function consentViews(profile: PersonProfile, now_ms: number): ProfileView['consent'] {
  return profile.names().flatMap((name) => {
    const reading = name.startsWith(CONSENT_PREFIX) ? profile.read(name, now_ms) : undefined;
    if (reading === undefined) return [];
    const purpose = name.slice(CONSENT_PREFIX.length);
    return [{ purpose, granted: reading.value === true, since: new Date(reading.at_ms).toISOString() }];
  });
}

const NAMES: readonly (readonly string[])[] = [
  ['name'],
  ['full_name'],
  ['first_name', 'last_name'],
  ['firstName', 'lastName'],
];

/** What the person is called, masked for those who do not see contacts; empty when nobody said. */
export function nameOf(profile: PersonProfile, now_ms: number, contacts: boolean): string {
  for (const names of NAMES) {
    const parts = names
      .map((name) => profile.read(name, now_ms)?.value)
      .filter((part) => typeof part === 'string');
    if (parts.length > 0) return contacts ? parts.join(' ') : parts.map((part) => maskText(part)).join(' ');
  }
  return '';
}

/** Names that a search by the beginning of a text looks at. */
export const NAME_TRAITS: readonly string[] = NAMES.flat();
