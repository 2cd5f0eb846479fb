import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { migrationFiles } from '../kernel/migration-files.ts';
import type { Actor } from '../kernel/operation.ts';
import type { Stage } from '../kernel/stage.ts';
import type { ControlDb } from '../stores/control/port.ts';
import { createAllow } from './allow.ts';
import { type AuditService, createAudit } from './audit.service.ts';
import { catalogue } from './catalogue.ts';
import type { Allow, Reviews } from './contract.ts';
import type { GovernedKind } from './definition-plan.ts';
import { createDrafts, type DraftService } from './drafts.service.ts';
import { governJobs } from './jobs.ts';
import { writeLocalToken } from './local-token.service.ts';
import { PERSONAL_FIELDS, PLAIN_FIELDS } from './manifest.ts';
import { governOperations } from './operations.ts';
import { createReleasedSet, type ReleasedSet } from './released-set.service.ts';
import { createReleases, type ReleaseService } from './releases.service.ts';
import { createReviews } from './reviews.service.ts';
import { createRuns, type RunService } from './runs/runs.service.ts';
import { createSignIn, type SignInService } from './sign-in.service.ts';
import { createTokens } from './tokens.service.ts';
import { createUsers, type UserService } from './users.service.ts';

export { accessGaps } from './allow.ts';
export { listedTwice, uncatalogued } from './catalogue.ts';

interface Deps {
  readonly control: ControlDb;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Manifests of the other stages, asked when needed: they are created after govern. */
  readonly stages: () => readonly Pick<Stage, 'definition_kinds' | 'personal_fields' | 'plain_fields'>[];
  /** Folder for the token of the command line on this machine. */
  readonly data_dir: string;
  /** Every change of a definition needs an approval. Off: only kinds of high risk do. */
  readonly require_approval: boolean;
}

/** What a request carries to say who sends it. */
export interface Credentials {
  readonly session?: string;
  readonly bearer?: string;
  /** From this machine: only then the token of the command line counts. */
  readonly loopback: boolean;
}

export interface Govern {
  readonly stage: Stage;
  readonly definitions: ReleasedSet;
  readonly drafts: DraftService;
  readonly releases: ReleaseService;
  readonly users: UserService;
  readonly signIn: SignInService;
  readonly audit: AuditService;
  readonly runs: RunService;
  readonly reviews: Reviews;
  readonly allow: Allow;
  /** Operations whose audit entry is in one transaction with the change; http writes those of all others. */
  readonly self_audited: ReadonlySet<string>;
  /** Who sends the request; null when its credentials are missing or no longer good. A bearer token goes first. */
  authenticate(credentials: Credentials): Promise<Actor | null>;
  /** After the migrations, before the first request: reads the current release and writes the local token. */
  start(): Promise<void>;
}

/** Reads nothing from the database until `start()`. */
export function createGovern({ control, clock, logger, stages, data_dir, require_approval }: Deps): Govern {
  const kinds = (): readonly GovernedKind[] => stages().flatMap((stage) => stage.definition_kinds);
  const own = { personal_fields: PERSONAL_FIELDS, plain_fields: PLAIN_FIELDS };
  const audit = createAudit({ control, clock });
  const tokens = createTokens({ control, clock, audit });
  const users = createUsers({ control, clock, audit });
  const signIn = createSignIn({ control, clock, audit });
  const definitions = createReleasedSet({ control, logger });
  const drafts = createDrafts({ control, clock, audit, tokens, kinds });
  const releases = createReleases({
    control,
    clock,
    audit,
    tokens,
    kinds,
    released: definitions,
    require_approval,
  });
  const runs = createRuns({ control, clock, logger });
  const fields = () => catalogue([own, ...stages()]);
  let local: Awaited<ReturnType<typeof writeLocalToken>> | undefined;

  const authenticate: Govern['authenticate'] = async ({ session, bearer, loopback }) => {
    if (bearer !== undefined) {
      const byFile = loopback ? (local?.byLocalToken(bearer) ?? null) : null;
      return byFile ?? (await tokens.byToken(bearer));
    }
    return session === undefined ? null : signIn.bySession(session);
  };

  const stage: Stage = {
    name: 'govern',
    operations: governOperations({ users, tokens, audit, drafts, releases, runs, fields }),
    jobs: governJobs(signIn),
    migrations: migrationFiles('govern', import.meta.url),
    definition_kinds: [],
    ...own,
  };

  const self_audited = new Set(
    stage.operations.map((operation) => operation.name).filter((name) => !name.startsWith('runs.')),
  );
  const start = async (): Promise<void> => {
    await definitions.load();
    await runs.recover();
    local = await writeLocalToken(data_dir);
  };
  const reviews = createReviews({ control });
  const services = {
    definitions,
    drafts,
    releases,
    users,
    signIn,
    audit,
    runs,
    reviews,
    allow: createAllow(),
  };
  return { stage, ...services, self_audited, authenticate, start };
}
