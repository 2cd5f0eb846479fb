import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../kernel/clock.ts';
import { sql } from '../kernel/sql.ts';
import { openGovern, PASSWORD, ROOT } from './fixture.ts';
import { hashPassword, verifyPassword } from './password.ts';

const withAdmin = async () => {
  const govern = await openGovern();
  const user = await govern.users.create(ROOT, { name: 'Ada', roles: ['admin'], password: PASSWORD });
  return { ...govern, user };
};

test('a hash verifies its own password only, in the PHC format with the documented cost', async () => {
  const hash = await hashPassword(PASSWORD);
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(await verifyPassword(PASSWORD, hash)).toBe(true);
  expect(await verifyPassword(`${PASSWORD} `, hash)).toBe(false);
  expect(await verifyPassword(PASSWORD, null)).toBe(false);
  expect(await hashPassword(PASSWORD)).not.toBe(hash);
});

test('the same letters in another Unicode form are the same password', async () => {
  const composed = 'caf\u00e9 caf\u00e9 caf\u00e9';
  expect(await verifyPassword(composed.normalize('NFD'), await hashPassword(composed))).toBe(true);
});

test.each([
  ['short', 'min_length'],
  ['aaaaaaaaaaaaaaaa', 'variety'],
  ['adelheid-Adelheid1', 'not_the_name'],
  ['x'.repeat(2_000), 'max_length'],
])('the password %.20s is refused: %s', async (password, rule) => {
  const { users } = await openGovern();
  const made = users.create(ROOT, { name: 'Adelheid', roles: ['viewer'], password });
  await expect(made).rejects.toMatchObject({ code: 'invalid_input', details: { field: 'password', rule } });
});

test('failures lock the account for longer each time, also for the right password', async () => {
  const { signIn, clock } = await withAdmin();
  const wrong = () => signIn.signIn('ada', 'wrong password');
  for (let i = 0; i < 5; i++) await expect(wrong()).rejects.toMatchObject({ code: 'unauthorized' });
  const locked = { code: 'throttled', details: { retry_after_s: 1 } };
  await expect(signIn.signIn('ada', PASSWORD)).rejects.toMatchObject(locked);
  clock.advance(SECOND_MS);
  await expect(wrong()).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(wrong()).rejects.toMatchObject({ details: { retry_after_s: 2 } });
  clock.advance(2 * SECOND_MS);
  expect((await signIn.signIn('ada', PASSWORD)).actor.name).toBe('Ada');
  await expect(wrong()).rejects.toMatchObject({ code: 'unauthorized' });
  expect((await signIn.signIn('ada', PASSWORD)).actor.name).toBe('Ada');
});

test('many attempts at once do not slip past the limit', async () => {
  const { signIn } = await withAdmin();
  const attempts = await Promise.allSettled(
    Array.from({ length: 12 }, (_, i) => signIn.signIn('ada', `guess number ${i}`)),
  );
  const codes = attempts.map((a) => (a.status === 'rejected' ? a.reason.code : 'in'));
  expect(codes.filter((code) => code === 'unauthorized')).toHaveLength(5);
  expect(codes.filter((code) => code === 'throttled')).toHaveLength(7);
});

test('a session ends after 12 idle hours and after 7 days, whatever is done', async () => {
  const { signIn, clock, control } = await withAdmin();
  const { token } = await signIn.signIn('Ada', PASSWORD);
  clock.advance(12 * HOUR_MS);
  expect(await signIn.bySession(token)).toMatchObject({ name: 'Ada' });
  clock.advance(12 * HOUR_MS + 1);
  expect(await signIn.bySession(token)).toBeNull();
  const second = await signIn.signIn('Ada', PASSWORD);
  for (let i = 0; i < 14; i++) {
    clock.advance(12 * HOUR_MS);
    expect(await signIn.bySession(second.token)).not.toBeNull();
  }
  clock.advance(1);
  expect(await signIn.bySession(second.token)).toBeNull();
  await signIn.sweep();
  expect(await control.one(sql`SELECT COUNT(*) AS n FROM sign_in_sessions`)).toEqual({ n: 0 });
});

test('neither sessions, links nor tokens are stored as they are', async () => {
  const { signIn, control, stage } = await withAdmin();
  const { token } = await signIn.signIn('Ada', PASSWORD);
  const create = stage.operations.find((o) => o.name === 'tokens.create');
  const made = (await create?.handle({ name: 't', roles: ['viewer'] }, { actor: ROOT, request_id: 'r' })) as {
    secret: string;
  };
  const stored = await Promise.all(
    [
      sql`SELECT * FROM users`,
      sql`SELECT * FROM sign_in_sessions`,
      sql`SELECT * FROM api_tokens`,
      sql`SELECT * FROM audit`,
    ].map((q) => control.all(q)),
  );
  for (const secret of [token, made.secret, PASSWORD]) expect(JSON.stringify(stored)).not.toContain(secret);
});

test('disabling an account ends its sessions and tokens at once; roles taken away are gone from its tokens', async () => {
  const { users, signIn, authenticate, stage, user } = await withAdmin();
  const cleo = await users.create(ROOT, { name: 'Cleo', roles: ['editor'], password: PASSWORD });
  const session = await signIn.signIn('Cleo', PASSWORD);
  const create = stage.operations.find((o) => o.name === 'tokens.create');
  const made = (await create?.handle(
    { name: 't', roles: ['editor'] },
    { actor: session.actor, request_id: 'r' },
  )) as { secret: string };
  const byToken = () => authenticate({ bearer: made.secret, loopback: false });
  expect(await byToken()).toMatchObject({ kind: 'token', roles: ['editor', 'viewer'] });
  await users.change(ROOT, cleo.id, { roles: ['viewer'] });
  expect(await byToken()).toMatchObject({ roles: ['viewer'] });
  await users.change(ROOT, cleo.id, { enabled: false });
  expect([await byToken(), await signIn.bySession(session.token)]).toEqual([null, null]);
  await expect(signIn.signIn('Cleo', PASSWORD)).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(users.change(ROOT, user.id, { enabled: false })).rejects.toMatchObject({
    details: { rule: 'one_admin' },
  });
  await expect(users.change(ROOT, user.id, { roles: ['editor'] })).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('a token cannot have more roles than its maker, and ends when it expires or is revoked', async () => {
  const { stage, authenticate, clock } = await withAdmin();
  const operation = (name: string) => stage.operations.find((o) => o.name === name);
  const editor = { ...ROOT, roles: ['editor'] };
  const make = (actor: typeof ROOT, input: object) =>
    operation('tokens.create')?.handle(input, { actor, request_id: 'r' });
  await expect(make(editor, { name: 't', roles: ['admin'] })).rejects.toMatchObject({ code: 'forbidden' });
  const short = (await make(ROOT, { name: 'short', roles: ['viewer'], expires_in_days: 1 })) as {
    secret: string;
  };
  const long = (await make(ROOT, { name: 'long', roles: ['viewer'] })) as {
    secret: string;
    token: { id: string };
  };
  const alive = async () =>
    Promise.all(
      [short, long].map(
        async ({ secret }) => (await authenticate({ bearer: secret, loopback: false })) !== null,
      ),
    );
  expect(await alive()).toEqual([true, true]);
  clock.advance(DAY_MS);
  expect(await alive()).toEqual([false, true]);
  await operation('tokens.revoke')?.handle({ id: long.token.id }, { actor: ROOT, request_id: 'r' });
  expect(await alive()).toEqual([false, false]);
});

test('names are unique in any case', async () => {
  const { users, user } = await withAdmin();
  const again = users.create(ROOT, { name: 'ADA', roles: ['viewer'], password: PASSWORD });
  await expect(again).rejects.toMatchObject({ code: 'conflict', details: { field: 'name' } });
  expect(await users.change(ROOT, user.id, { name: 'ADA' })).toMatchObject({ name: 'ADA' });
});
