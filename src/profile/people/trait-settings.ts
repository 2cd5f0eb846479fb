import { z } from 'zod';
import type { Definitions } from '../../govern/contract.ts';
import { DAY_MS } from '../../kernel/clock.ts';
import { fieldIssues, inWords } from '../../kernel/in-words.ts';
import type { DefinitionKind } from '../../kernel/stage.ts';
import { NAME_MAX } from '../state/register.ts';

export const TRAIT_SETTINGS_KIND = 'trait-settings';

/** What a team says about a trait: the body of a definition that has the trait's name. */
const TraitSettingsBody = z.strictObject({
  description: z.string().max(500).default(''),
  label: z.string().max(100).default(''),
  unit: z.string().max(20).default(''),
  /** Older than this it reads as stale; null: never. */
  fresh_for_days: z.number().positive().max(3_650).nullable().default(null),
  /** Hidden from viewers, and audiences made with it need approval. */
  sensitive: z.boolean().default(false),
});
export type TraitSettings = z.infer<typeof TraitSettingsBody>;

export const traitSettingsKind: DefinitionKind = {
  kind: TRAIT_SETTINGS_KIND,
  summary: 'Label, unit and sensitivity of a trait, and how long its value counts as fresh.',
  check(body, name) {
    const { error } = TraitSettingsBody.safeParse(body, { error: inWords });
    return [
      ...(name.length <= NAME_MAX
        ? []
        : [{ field: 'name', message: `A trait's name has up to ${NAME_MAX} characters.` }]),
      ...fieldIssues(error),
    ];
  },
};

const DEFAULTS = TraitSettingsBody.parse({});

export function traitSettings(definitions: Pick<Definitions, 'current'>): ReadonlyMap<string, TraitSettings> {
  return new Map(
    definitions.current(TRAIT_SETTINGS_KIND).map(({ name, body }) => [name, TraitSettingsBody.parse(body)]),
  );
}

/** Names of those that a team marked as sensitive. */
export const sensitiveTraits = (definitions: Pick<Definitions, 'current'>): ReadonlySet<string> =>
  new Set([...traitSettings(definitions)].filter(([, { sensitive }]) => sensitive).map(([name]) => name));

export const settingsOf = (all: ReadonlyMap<string, TraitSettings>, name: string): TraitSettings =>
  all.get(name) ?? DEFAULTS;

/** Where a trait that is not computed comes from. */
export const originOf = (name: string): 'kept' | 'group' | 'said' =>
  name.startsWith('$') ? 'kept' : name.startsWith('group.') ? 'group' : 'said';

export const isStale = ({ fresh_for_days }: TraitSettings, at_ms: number, now_ms: number): boolean =>
  fresh_for_days !== null && now_ms - at_ms > fresh_for_days * DAY_MS;
