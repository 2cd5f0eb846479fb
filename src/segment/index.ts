import type { Allow, Audit, Definitions, Reviews, Runs } from '../govern/contract.ts';
import { type Clock, MINUTE_MS } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { migrationFiles } from '../kernel/migration-files.ts';
import type { Stage } from '../kernel/stage.ts';
import { type ProfileReader, sensitiveTraits, type TraitSql } from '../profile/contract.ts';
import type { PersonDirectory, PersonSql } from '../resolve/contract.ts';
import type { ControlDb } from '../stores/control/port.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import type { SegmentCommands, SegmentReader } from './contract.ts';
import { createFoundSegments } from './discover/found-segments.service.ts';
import { createDiscover } from './discover/index.ts';
import { createRunStore } from './discover/run-store.service.ts';
import { personalFields, plainFields } from './manifest.ts';
import { segmentOperations } from './operations.ts';
import { createFieldService } from './queries/fields.service.ts';
import { createSegmentService } from './queries/segments.service.ts';
import { mustAllBeAnswered } from './queries/stuck.service.ts';
import type { SegmentBody } from './rules/segment-body.ts';
import {
  createSegmentKind,
  isDiscovered,
  SEGMENT_KIND,
  SEGMENTATION_KIND,
  segmentationOf,
} from './rules/segment-kind.ts';
import { createSegmentReader } from './segment-reader.service.ts';
import { assignedRuns, BUILT_KEY, type Built, NOTHING_BUILT } from './stream/built.ts';
import { releasedSet } from './stream/streamed.ts';
import { isGivenOut, USE_KEY, type UseMap } from './use/given-out.ts';
import { createUse } from './use/index.ts';
import { askedFields } from './validate/asked-fields.ts';
import { createDraftGuard } from './validate/draft-sensitivity.service.ts';
import { createValidate } from './validate/index.ts';
import { usedFindings } from './validate/judge-sensitivity.ts';
import { namesIn } from './validate/sensitive-names.ts';
import { createSensitivityJudge } from './validate/sensitivity.service.ts';

export { createSegmentWork } from './work.ts';

export interface Segment {
  readonly stage: Stage;
  readonly reader: SegmentReader;
  /** For health: a sentence when every segment has its answers, rejects with what is wrong. */
  checkUp(): Promise<string>;
}

interface Deps {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly control: ControlDb;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly definitions: Definitions;
  readonly runs: Runs;
  readonly allow: Allow;
  readonly reviews: Reviews;
  readonly audit: Audit;
  readonly directory: PersonDirectory;
  readonly profiles: ProfileReader;
  readonly sql: PersonSql;
  readonly traits: TraitSql;
  /** Of `createSegmentWork`, or a stand-in that calls it on its thread. */
  readonly commands: SegmentCommands;
  /** Fields that the catalogue marks as sensitive. */
  readonly sensitiveFields: () => readonly string[];
}

/** What can be asked and declared; who is in which segment is written through `commands` only. */
export function createSegment(deps: Deps): Segment {
  const { online, definitions } = deps;
  const released = releasedSet(definitions);
  const fields = createFieldService(deps);
  const sensitiveFields = () => [
    ...deps.sensitiveFields(),
    ...[...sensitiveTraits(definitions)].map((name) => `trait:${name}`),
  ];
  const sensitive = (body: SegmentBody) =>
    usedFindings(namesIn(body.rule), sensitiveFields()).map(({ reason }) =>
      reason.replace(/^needs approval because /, '').replace(/\.$/, ''),
    );
  const kind = createSegmentKind({ known: fields.known, sensitive });
  const found = createFoundSegments({ definitions, runs: createRunStore(deps.control) });
  const judge = createSensitivityJudge({ ...deps, sensitiveFields });
  const draftGuard = createDraftGuard({ ...deps, sensitiveFields });
  const { uses, part: use } = createUse({ ...deps, released, judge, sensitiveFields });
  const service = createSegmentService({ ...deps, released, fields, kind, found, uses, draftGuard });
  const bodyOf = (name: string): unknown => {
    const [kind_of, wanted] = isDiscovered(name)
      ? [SEGMENTATION_KIND, segmentationOf(name)]
      : [SEGMENT_KIND, name];
    return definitions.current(kind_of).find((one) => one.name === wanted)?.body;
  };
  const discover = createDiscover({
    ...deps,
    assignedRuns: async () => assignedRuns((await online.get<Built>(BUILT_KEY)) ?? NOTHING_BUILT),
    withhold: uses.withhold,
  });
  const validate = createValidate({
    ...deps,
    explain: service.explain,
    exists: async (name) => bodyOf(name) !== undefined,
    fieldsOf: async (name) => {
      const body = bodyOf(name);
      return body === undefined ? undefined : askedFields(body, bodyOf);
    },
    judge,
    names: async () => {
      await fields.catalogue();
      return fields.known();
    },
    isGivenOut: async () => {
      const known = await online.get<UseMap>(USE_KEY);
      return (name) => isGivenOut(name, known, released());
    },
  });
  const parts = [discover, validate, use];
  const stage: Stage = {
    name: 'segment',
    operations: [...segmentOperations(service, deps.allow), ...parts.flatMap((part) => part.operations)],
    jobs: [
      { name: 'segment.learn-fields', every_ms: 5 * MINUTE_MS, run: fields.refresh },
      ...parts.flatMap((part) => part.jobs),
    ],
    migrations: migrationFiles('segment', import.meta.url),
    personal_fields: [...personalFields, ...parts.flatMap((part) => part.personal_fields)],
    plain_fields: [...plainFields, ...parts.flatMap((part) => part.plain_fields)],
    definition_kinds: [kind, ...parts.flatMap((part) => part.definition_kinds)],
  };
  const checkUp = () => mustAllBeAnswered(online, released());
  return { stage, reader: createSegmentReader(online, definitions), checkUp };
}
