import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Actor } from '../kernel/operation.ts';
import type { ControlDb, ControlTransaction } from '../stores/control/port.ts';
import type { AuditService } from './audit.service.ts';
import type { Role } from './contract.ts';
import { checkPassword, hashPassword } from './password.ts';
import { deleteLinks, deleteSessionsOf } from './sessions.sql.ts';
import { allUsers, insertUser, type UserRow, updateUser, userById, userByName } from './users.sql.ts';

/** An account, as administrators see it. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly enabled: boolean;
  readonly password_set: boolean;
  readonly created_at: string;
  readonly last_sign_in_at: string | null;
}

export interface UserChange {
  readonly name?: string | undefined;
  readonly roles?: readonly Role[] | undefined;
  readonly enabled?: boolean | undefined;
  readonly password?: string | undefined;
}

export interface UserService {
  list(): Promise<User[]>;
  create(actor: Actor, user: { name: string; roles: readonly Role[]; password: string }): Promise<User>;
  /** Ends the sessions of the user when the password changes or the account is disabled. */
  change(actor: Actor, id: string, change: UserChange): Promise<User>;
}

interface Deps {
  readonly control: ControlDb;
  readonly clock: Clock;
  readonly audit: AuditService;
}

export function createUsers({ control, clock, audit }: Deps): UserService {
  const create: UserService['create'] = async (actor, { name, roles, password }) => {
    checkPassword(password, name);
    const row: UserRow = {
      id: newId('usr'),
      name,
      roles: JSON.stringify(roles),
      password_hash: await hashPassword(password),
      enabled: 1,
      created_at: new Date(clock.now_ms()).toISOString(),
      last_sign_in_at: null,
      failed_attempts: 0,
      locked_until: null,
    };
    return control.transaction(async (tx) => {
      await refuseTakenName(tx, row);
      await tx.run(insertUser(row));
      await tx.run(deleteLinks());
      await audit.recordIn(tx, {
        actor,
        action: 'users.create',
        object: `users/${row.id}`,
        details: { roles },
      });
      return shown(row);
    });
  };

  const change: UserService['change'] = async (actor, id, { password, ...wanted }) => {
    const known = await control.one<UserRow>(userById(id));
    if (known === undefined) throw unknownUser(id);
    if (password !== undefined) checkPassword(password, wanted.name ?? known.name);
    const password_hash = password === undefined ? undefined : await hashPassword(password);
    return control.transaction(async (tx) => {
      const before = await tx.one<UserRow>(userById(id));
      if (before === undefined) throw unknownUser(id);
      const after = changed(before, wanted, password_hash);
      await refuseTakenName(tx, after);
      await tx.run(updateUser(after));
      await refuseNoAdmin(tx);
      if (password_hash !== undefined || after.enabled === 0) await tx.run(deleteSessionsOf(id, ''));
      if (password_hash !== undefined) await tx.run(deleteLinks());
      const fields = Object.entries({ ...wanted, password }).flatMap(([k, v]) =>
        v === undefined ? [] : [k],
      );
      const details = { fields, roles: wanted.roles, enabled: wanted.enabled };
      await audit.recordIn(tx, { actor, action: 'users.update', object: `users/${id}`, details });
      return shown(after);
    });
  };

  return { list: async () => (await control.all<UserRow>(allUsers())).map(shown), create, change };
}

function changed(before: UserRow, wanted: Omit<UserChange, 'password'>, password_hash?: string): UserRow {
  return {
    ...before,
    name: wanted.name ?? before.name,
    roles: wanted.roles === undefined ? before.roles : JSON.stringify(wanted.roles),
    enabled: wanted.enabled === undefined ? before.enabled : Number(wanted.enabled),
    password_hash: password_hash ?? before.password_hash,
    // A new password given by an administrator also ends a lock-out.
    failed_attempts: password_hash === undefined ? before.failed_attempts : 0,
    locked_until: password_hash === undefined ? before.locked_until : null,
  };
}

export const rolesOf = (row: Pick<UserRow, 'roles'>): readonly Role[] => JSON.parse(row.roles);

const shown = (row: UserRow): User => ({
  id: row.id,
  name: row.name,
  roles: rolesOf(row),
  enabled: row.enabled === 1,
  password_set: row.password_hash !== null,
  created_at: row.created_at,
  last_sign_in_at: row.last_sign_in_at,
});

const unknownUser = (id: string) =>
  new AppError('not_found', { message: `There is no user ${id}.`, field: 'id' });

async function refuseTakenName(tx: ControlTransaction, row: UserRow): Promise<void> {
  const other = await tx.one<UserRow>(userByName(row.name));
  if (other !== undefined && other.id !== row.id) {
    throw new AppError('conflict', {
      message: 'Another account has this name.',
      field: 'name',
      rule: 'unique',
    });
  }
}

/** The last administrator cannot shut everybody out. */
async function refuseNoAdmin(tx: ControlTransaction): Promise<void> {
  const users = await tx.all<UserRow>(allUsers());
  if (users.some((user) => user.enabled === 1 && rolesOf(user).includes('admin'))) return;
  throw new AppError('conflict', {
    message: 'This would leave no administrator who can sign in. Make somebody else an administrator first.',
    rule: 'one_admin',
  });
}
