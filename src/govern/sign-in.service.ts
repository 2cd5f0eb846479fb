import { type Clock, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { digest, newId, newSecret } from '../kernel/ids.ts';
import type { Actor } from '../kernel/operation.ts';
import type { ControlDb, ControlTransaction } from '../stores/control/port.ts';
import type { AuditService } from './audit.service.ts';
import { checkPassword, hashPassword, verifyPassword } from './password.ts';
import {
  deleteExpiredSessions,
  deleteLinks,
  deleteSession,
  deleteSessionsOf,
  insertLink,
  insertSession,
  type SessionRow,
  sessionByDigest,
  takeLink,
  touchSession,
} from './sessions.sql.ts';
import { rolesOf } from './users.service.ts';
import { insertUser, type UserRow, updateUser, userById, userByName, userWithPassword } from './users.sql.ts';

/** `token` goes into the cookie; only its digest is stored. */
export interface SignedIn {
  readonly actor: Actor;
  readonly token: string;
  readonly max_age_s: number;
}

export interface SignInService {
  /** Refuses with `unauthorized`, the same for every wrong pair, and with `throttled` after repeated failures. */
  signIn(name: string, password: string): Promise<SignedIn>;
  /** The secret of a new one-time link, or null once somebody has a password. Earlier links end. */
  firstRunLink(): Promise<string | null>;
  /** Signs in the first administrator; works once. */
  redeemFirstRun(secret: string): Promise<SignedIn>;
  /** Sets the password of the signed-in user; ends the user's other sessions. Needs `current` once there is one. */
  setPassword(actor: Actor, change: { password: string; current?: string; token: string }): Promise<void>;
  signOut(token: string): Promise<void>;
  /** Who holds this session, or null. */
  bySession(token: string): Promise<Actor | null>;
  passwordSet(): Promise<boolean>;
  /** Forgets sessions that ended. */
  sweep(): Promise<void>;
}

const IDLE_MS = 12 * HOUR_MS;
const ABSOLUTE_MS = 7 * DAY_MS;
/** The idle clock is written at most this often. */
const TOUCH_EVERY_MS = MINUTE_MS;
const FREE_ATTEMPTS = 5;
const LONGEST_LOCK_MS = 15 * MINUTE_MS;
const FIRST_USER = 'admin';

interface Deps {
  readonly control: ControlDb;
  readonly clock: Clock;
  readonly audit: AuditService;
}

export function createSignIn({ control, clock, audit }: Deps): SignInService {
  const iso = (ms: number) => new Date(ms).toISOString();

  const open = async (tx: ControlTransaction, user: UserRow, action: string): Promise<SignedIn> => {
    const [token, now] = [newSecret(), iso(clock.now_ms())];
    await tx.run(updateUser({ ...user, failed_attempts: 0, locked_until: null, last_sign_in_at: now }));
    await tx.run(insertSession(digest(token), user.id, now));
    const actor = actorOf(user);
    await audit.recordIn(tx, { actor, action, object: `users/${user.id}`, details: {} });
    return { actor, token, max_age_s: ABSOLUTE_MS / SECOND_MS };
  };

  /** Counts the attempt before the password is looked at, so that many at once do not slip past the limit. */
  const countAttempt = (name: string) =>
    control.transaction(async (tx) => {
      const user = await tx.one<UserRow>(userByName(name));
      if (user === undefined) return undefined;
      const wait_ms = Date.parse(user.locked_until ?? iso(0)) - clock.now_ms();
      if (wait_ms > 0) {
        throw new AppError('throttled', {
          message: 'Too many wrong passwords for this account. Wait, then try again.',
          retry_after_s: Math.ceil(wait_ms / SECOND_MS),
        });
      }
      const failed_attempts = user.failed_attempts + 1;
      const locked_until =
        failed_attempts < FREE_ATTEMPTS ? null : iso(clock.now_ms() + lock_ms(failed_attempts));
      await tx.run(updateUser({ ...user, failed_attempts, locked_until }));
      return user;
    });

  const signIn: SignInService['signIn'] = async (name, password) => {
    const user = await countAttempt(name);
    const right = await verifyPassword(password, user?.password_hash ?? null);
    return control.transaction(async (tx) => {
      const now = user === undefined ? undefined : await tx.one<UserRow>(userById(user.id));
      // The hash must still be the one that was checked: a password changed meanwhile wins.
      const unchanged = now !== undefined && now.password_hash === user?.password_hash;
      if (!right || !unchanged || now.enabled === 0) {
        throw new AppError('unauthorized', {
          message: 'The name or the password is wrong.',
          rule: 'credentials',
        });
      }
      return open(tx, now, 'session.sign_in');
    });
  };

  const firstRunLink = async (): Promise<string | null> => {
    const secret = newSecret();
    return control.transaction(async (tx) => {
      await tx.run(deleteLinks());
      if ((await tx.one(userWithPassword())) !== undefined) return null;
      await tx.run(insertLink(digest(secret), iso(clock.now_ms())));
      return secret;
    });
  };

  const redeemFirstRun = (secret: string): Promise<SignedIn> =>
    control.transaction(async (tx) => {
      const valid = (await tx.run(takeLink(digest(secret)))) === 1;
      if (!valid || (await tx.one(userWithPassword())) !== undefined) {
        throw new AppError('unauthorized', {
          message: 'This link was used or has ended. Start Plumbline again for a new one, or sign in.',
          rule: 'one_time_link',
        });
      }
      const known = await tx.one<UserRow>(userByName(FIRST_USER));
      const user = known ?? firstUser(iso(clock.now_ms()));
      if (known === undefined) await tx.run(insertUser(user));
      return open(tx, user, 'session.first_run');
    });

  const setPassword: SignInService['setPassword'] = async (actor, { password, current, token }) => {
    const known = actor.kind === 'user' ? await control.one<UserRow>(userById(actor.id)) : undefined;
    if (known === undefined) {
      throw new AppError('forbidden', { message: 'Only a person who signed in has a password to set.' });
    }
    checkPassword(password, known.name);
    if (known.password_hash !== null && !(await verifyPassword(current ?? '', known.password_hash))) {
      throw new AppError('forbidden', { message: 'The current password is wrong.', field: 'current' });
    }
    const password_hash = await hashPassword(password);
    await control.transaction(async (tx) => {
      const now = await tx.one<UserRow>(userById(known.id));
      if (now === undefined || now.password_hash !== known.password_hash) {
        throw new AppError('conflict', { message: 'The password was changed elsewhere at the same time.' });
      }
      await tx.run(updateUser({ ...now, password_hash, failed_attempts: 0, locked_until: null }));
      await tx.run(deleteSessionsOf(now.id, digest(token)));
      await tx.run(deleteLinks());
      await audit.recordIn(tx, { actor, action: 'session.password', object: `users/${now.id}`, details: {} });
    });
  };

  const bySession = async (token: string): Promise<Actor | null> => {
    const row = await control.one<SessionRow>(sessionByDigest(digest(token)));
    if (row === undefined || row.enabled === 0) return null;
    const now = clock.now_ms();
    const idle_ms = now - Date.parse(row.last_seen_at);
    if (idle_ms > IDLE_MS || now - Date.parse(row.created_at) > ABSOLUTE_MS) return null;
    if (idle_ms > TOUCH_EVERY_MS) await control.run(touchSession(row.digest, iso(now)));
    return actorOf({ id: row.user_id, name: row.name, roles: row.roles });
  };

  return {
    signIn,
    firstRunLink,
    redeemFirstRun,
    setPassword,
    bySession,
    signOut: async (token) => {
      await control.run(deleteSession(digest(token)));
    },
    passwordSet: async () => (await control.one(userWithPassword())) !== undefined,
    sweep: async () => {
      const now = clock.now_ms();
      await control.run(deleteExpiredSessions(iso(now - IDLE_MS), iso(now - ABSOLUTE_MS)));
    },
  };
}

/** 1 s after the fifth failure in a row, then twice as long each time, up to 15 minutes. */
const lock_ms = (failures: number): number =>
  Math.min(LONGEST_LOCK_MS, SECOND_MS * 2 ** Math.min(30, failures - FREE_ATTEMPTS));

const actorOf = (user: Pick<UserRow, 'id' | 'name' | 'roles'>): Actor => ({
  id: user.id,
  name: user.name,
  kind: 'user',
  roles: rolesOf(user),
});

const firstUser = (now: string): UserRow => ({
  id: newId('usr'),
  name: FIRST_USER,
  roles: JSON.stringify(['admin']),
  password_hash: null,
  enabled: 1,
  created_at: now,
  last_sign_in_at: null,
  failed_attempts: 0,
  locked_until: null,
});
