import { type Clock, DAY_MS, MINUTE_MS } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { digest, newId, newSecret } from '../kernel/ids.ts';
import type { Actor } from '../kernel/operation.ts';
import type { ControlDb } from '../stores/control/port.ts';
import { includesRole } from './allow.ts';
import type { AuditService } from './audit.service.ts';
import { ROLES, type Role } from './contract.ts';
import {
  allTokens,
  insertToken,
  revokeToken,
  type TokenRow,
  type TokenWithOwner,
  tokenByDigest,
  tokenOwner,
  touchToken,
} from './tokens.sql.ts';

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
}

export interface TokenService {
  list(): Promise<ApiToken[]>;
  /** `secret` is shown once: only its digest is stored. */
  create(
    actor: Actor,
    token: { name: string; roles: readonly Role[]; expires_in_days?: number | undefined },
  ): Promise<{ token: ApiToken; secret: string }>;
  revoke(actor: Actor, id: string): Promise<void>;
  /** Who holds this token, with no more rights than its owner has today; or null. */
  byToken(secret: string): Promise<Actor | null>;
  /** The user who answers for what `actor` does: the owner of a token, else the actor itself. */
  responsible(actor: Actor): Promise<string>;
}

const PREFIX = 'plt_';

interface Deps {
  readonly control: ControlDb;
  readonly clock: Clock;
  readonly audit: AuditService;
}

export function createTokens({ control, clock, audit }: Deps): TokenService {
  const iso = (ms: number) => new Date(ms).toISOString();

  const responsible = async (actor: Actor): Promise<string> => {
    if (actor.kind !== 'token') return actor.id;
    return (await control.one<{ created_by: string }>(tokenOwner(actor.id)))?.created_by ?? actor.id;
  };

  const create: TokenService['create'] = async (actor, { name, roles, expires_in_days }) => {
    const beyond = roles.filter((role) => !includesRole(actor.roles, role));
    if (beyond.length > 0) {
      throw new AppError('forbidden', {
        message: `A token cannot have roles its maker lacks: ${beyond.join(', ')}.`,
      });
    }
    const secret = PREFIX + newSecret();
    const now = clock.now_ms();
    const row: TokenRow = {
      id: newId('tok'),
      name,
      digest: digest(secret),
      roles: JSON.stringify(roles),
      created_by: await responsible(actor),
      created_at: iso(now),
      expires_at: expires_in_days === undefined ? null : iso(now + expires_in_days * DAY_MS),
      last_used_at: null,
      revoked_at: null,
    };
    await control.transaction(async (tx) => {
      await tx.run(insertToken(row));
      const details = { roles, expires_at: row.expires_at };
      await audit.recordIn(tx, { actor, action: 'tokens.create', object: `tokens/${row.id}`, details });
    });
    return { token: shown(row), secret };
  };

  const revoke: TokenService['revoke'] = (actor, id) =>
    control.transaction(async (tx) => {
      if ((await tx.run(revokeToken(id, iso(clock.now_ms())))) === 0) {
        throw new AppError('not_found', { message: `There is no token ${id}.`, field: 'id' });
      }
      await audit.recordIn(tx, { actor, action: 'tokens.revoke', object: `tokens/${id}`, details: {} });
    });

  const byToken: TokenService['byToken'] = async (secret) => {
    if (!secret.startsWith(PREFIX)) return null;
    const row = await control.one<TokenWithOwner>(tokenByDigest(digest(secret)));
    const now = clock.now_ms();
    if (row === undefined || row.revoked_at !== null || row.owner_enabled === 0) return null;
    if (row.expires_at !== null && Date.parse(row.expires_at) <= now) return null;
    if (now - Date.parse(row.last_used_at ?? iso(0)) > MINUTE_MS)
      await control.run(touchToken(row.id, iso(now)));
    return { id: row.id, name: row.name, kind: 'token', roles: rolesToday(row) };
  };

  return {
    list: async () => (await control.all<TokenRow>(allTokens())).map(shown),
    create,
    revoke,
    byToken,
    responsible,
  };
}

/** Every role that the token includes and its owner, where it is a user, includes too. */
function rolesToday(row: TokenWithOwner): readonly Role[] {
  const given: string[] = JSON.parse(row.roles);
  const owner: string[] = row.owner_roles === null ? given : JSON.parse(row.owner_roles);
  return ROLES.filter((role) => includesRole(given, role) && includesRole(owner, role));
}

const shown = (row: TokenRow): ApiToken => ({
  id: row.id,
  name: row.name,
  roles: JSON.parse(row.roles),
  created_by: row.created_by,
  created_at: row.created_at,
  expires_at: row.expires_at,
  last_used_at: row.last_used_at,
});
