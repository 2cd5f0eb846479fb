import type { Allow, Audit, Definitions, Reviews } from '../../govern/contract.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Stage } from '../../kernel/stage.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { SegmentSet } from '../compile/segment-set.ts';
import { createRunStore } from '../discover/run-store.service.ts';
import type { SensitivityJudge } from '../validate/sensitivity.service.ts';
import { personalFields, plainFields } from './manifest.ts';
import { useOperations } from './operations.ts';
import { createSubjects } from './subjects.service.ts';
import { createSegmentUses, type SegmentUses } from './use.service.ts';
import { createUseStore } from './use-store.service.ts';

interface Deps {
  readonly online: OnlineStore;
  readonly control: ControlDb;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly definitions: Definitions;
  readonly released: () => SegmentSet;
  readonly reviews: Reviews;
  readonly allow: Allow;
  readonly audit: Audit;
  readonly judge: SensitivityJudge;
  readonly sensitiveFields: () => readonly string[];
}

/** The part of the stage that decides whether a segment is given out for use. */
export function createUse(
  deps: Deps,
): { readonly uses: SegmentUses } & { readonly part: Omit<Stage, 'name' | 'migrations'> } {
  const subjects = createSubjects({ ...deps, runs: createRunStore(deps.control) });
  const uses = createSegmentUses({ ...deps, subjects, store: createUseStore(deps.control) });
  return {
    uses,
    part: {
      operations: useOperations(uses),
      jobs: [{ name: 'segment.judge-use', every_ms: SECOND_MS, run: ({ signal }) => uses.judge(signal) }],
      personal_fields: personalFields,
      plain_fields: plainFields,
      definition_kinds: [],
    },
  };
}
