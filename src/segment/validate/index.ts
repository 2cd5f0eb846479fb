import type { Allow, Definitions } from '../../govern/contract.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Actor } from '../../kernel/operation.ts';
import type { Stage } from '../../kernel/stage.ts';
import type { ProfileReader, TraitSql } from '../../profile/contract.ts';
import type { PersonDirectory, PersonSql } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { KnownNames } from '../rules/known-names.ts';
import type { AskedFields } from './asked-fields.ts';
import type { Explain } from './explanation.ts';
import { createKnownInputs } from './known-inputs.service.ts';
import { PEOPLE, validationOperations } from './operations.ts';
import { precedenceKind } from './precedence.ts';
import { createSegmentSets } from './segment-sets.service.ts';
import { createSensitivityGuard, type SensitivityJudge } from './sensitivity.service.ts';
import { segmentSetOperations } from './set-operations.ts';
import { createValidation } from './validation.service.ts';

interface Deps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly definitions: Definitions;
  readonly sql: PersonSql;
  readonly traits: TraitSql;
  readonly directory: PersonDirectory;
  readonly profiles: ProfileReader;
  readonly allow: Allow;
  readonly explain: Explain;
  /** Whether there is such a segment, also when nobody is in it. */
  readonly exists: (segment: string) => Promise<boolean>;
  /** What decides who is in a segment; undefined when there is none. */
  readonly fieldsOf: (segment: string) => Promise<AskedFields | undefined>;
  readonly judge: SensitivityJudge;
  /** Names that were ever sent; undefined while there are none. */
  readonly names: () => Promise<KnownNames | undefined>;
  /** Whether a segment is given out for use, as of now. */
  readonly isGivenOut: () => Promise<(segment: string) => boolean>;
}

/** The part of the stage that holds segments against something else, and decides between them. Keeps nothing. */
export function createValidate(deps: Deps): Omit<Stage, 'name' | 'migrations'> {
  const guard = createSensitivityGuard(deps.judge, deps.fieldsOf);
  const sets = createSegmentSets({ ...deps, people: deps.sql });
  const validation = createValidation({ ...deps, people: deps.sql, known: createKnownInputs(deps) });
  const seesPeople = (actor: Actor): boolean => deps.allow(actor, PEOPLE).allowed;
  return {
    operations: [
      ...validationOperations(validation, guard, seesPeople),
      ...segmentSetOperations(sets, seesPeople),
    ],
    jobs: [],
    personal_fields: [],
    plain_fields: [],
    definition_kinds: [precedenceKind],
  };
}
