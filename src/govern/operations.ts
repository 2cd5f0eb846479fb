import type { Operation } from '../kernel/operation.ts';
import type { PersonalField } from '../kernel/stage.ts';
import { auditOperations, tokenOperations, userOperations } from './account-operations.ts';
import type { AuditService } from './audit.service.ts';
import { draftOperations, releaseOperations } from './definition-operations.ts';
import type { DraftService } from './drafts.service.ts';
import type { ReleaseService } from './releases.service.ts';
import { runOperations } from './runs/operations.ts';
import type { RunService } from './runs/runs.service.ts';
import type { TokenService } from './tokens.service.ts';
import type { UserService } from './users.service.ts';

interface Services {
  readonly users: UserService;
  readonly tokens: TokenService;
  readonly audit: AuditService;
  readonly drafts: DraftService;
  readonly releases: ReleaseService;
  readonly runs: RunService;
  readonly fields: () => readonly PersonalField[];
}

/** Signing in is not here: it sets cookies, so its routes are in http/. */
export const governOperations = (services: Services): readonly Operation[] => [
  ...draftOperations(services.drafts),
  ...releaseOperations(services.releases),
  ...userOperations(services.users),
  ...tokenOperations(services.tokens),
  ...runOperations(services.runs),
  ...auditOperations(services.audit, services.fields),
];
