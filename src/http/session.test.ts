import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PASSWORD } from '../govern/fixture.ts';
import { CONSOLE, openServer, type ServerFixture, signedIn } from './fixture.ts';

const post = (
  { app }: ServerFixture,
  url: string,
  payload: object,
  headers: Record<string, string> = CONSOLE,
) => app.inject({ method: 'POST', url, headers, payload });

const who = async ({ app }: ServerFixture, headers: Record<string, string>) =>
  (await app.inject({ url: '/api/session', headers })).json();

/** A server whose administrator has PASSWORD, with the cookie that set it. */
async function withPassword() {
  const server = await openServer();
  const headers = await signedIn(server);
  expect((await post(server, '/api/session/password', { password: PASSWORD }, headers)).statusCode).toBe(200);
  return { ...server, headers };
}

test('the one-time link signs the first administrator in, once', async () => {
  const server = await openServer();
  expect(await who(server, {})).toEqual({ actor: null, first_run: true, password_set: false });
  const url = `/sign-in?token=${await server.govern.signIn.firstRunLink()}`;
  const first = await server.app.inject({ url });
  expect([first.statusCode, first.headers.location]).toEqual([303, '/']);
  expect(first.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/', maxAge: 604_800 });
  expect(first.cookies[0]).not.toHaveProperty('secure');
  const cookie = `plumbline_session=${first.cookies[0]?.value}`;
  expect(await who(server, { cookie })).toMatchObject({
    actor: { name: 'admin', kind: 'user', roles: ['admin'] },
  });
  const again = await server.app.inject({ url });
  expect([again.statusCode, again.cookies]).toEqual([401, []]);
  const person = await server.app.inject({ url, headers: { accept: 'text/html' } });
  expect([person.statusCode, person.headers.location, person.cookies]).toEqual([
    303,
    '/sign-in?link=ended',
    [],
  ]);
  expect((await server.app.inject({ url, headers: { cookie } })).headers.location).toBe('/');
});

test('a new link ends the one before, and none is given once a password is set', async () => {
  const server = await openServer();
  const old = await server.govern.signIn.firstRunLink();
  const headers = await signedIn(server);
  expect((await server.app.inject({ url: `/sign-in?token=${old}` })).statusCode).toBe(401);
  const open = await server.govern.signIn.firstRunLink();
  await post(server, '/api/session/password', { password: PASSWORD }, headers);
  expect((await server.app.inject({ url: `/sign-in?token=${open}` })).statusCode).toBe(401);
  expect(await server.govern.signIn.firstRunLink()).toBeNull();
});

test('name and password sign in, in any case of the name; signing out ends it', async () => {
  const server = await withPassword();
  const answer = await post(server, '/api/session', { name: 'Admin', password: PASSWORD });
  expect(answer.json()).toMatchObject({ actor: { name: 'admin' } });
  const cookie = `plumbline_session=${answer.cookies[0]?.value}`;
  const out = await server.app.inject({
    method: 'DELETE',
    url: '/api/session',
    headers: { cookie, ...CONSOLE },
  });
  expect(out.statusCode).toBe(200);
  expect(await who(server, { cookie })).toMatchObject({ actor: null, password_set: true });
});

test('a wrong password and an unknown name answer the same', async () => {
  const server = await withPassword();
  const wrong = await post(server, '/api/session', { name: 'admin', password: 'not the password' });
  const unknown = await post(server, '/api/session', { name: 'nobody', password: PASSWORD });
  const said = (answer: typeof wrong) => ({ ...answer.json().error, request_id: '' });
  expect(wrong.statusCode).toBe(401);
  expect(said(wrong)).toEqual(said(unknown));
});

test('signing in from another site is refused', async () => {
  const server = await withPassword();
  expect((await post(server, '/api/session', { name: 'admin', password: PASSWORD }, {})).statusCode).toBe(
    403,
  );
});

test('attempts from one address are limited', async () => {
  const server = await withPassword();
  const attempt = () => post(server, '/api/session', { name: 'nobody', password: 'x' });
  const answers = await Promise.all(Array.from({ length: 22 }, attempt));
  const last = answers.at(-1);
  expect([last?.statusCode, last?.headers['retry-after']]).toEqual([429, '60']);
  server.govern.clock.advance(60_000);
  expect((await attempt()).statusCode).toBe(401);
});

test('changing the password needs the current one, and ends other sessions', async () => {
  const server = await withPassword();
  const other = await post(server, '/api/session', { name: 'admin', password: PASSWORD });
  const cookie = `plumbline_session=${other.cookies[0]?.value}`;
  const change = (payload: object) => post(server, '/api/session/password', payload, server.headers);
  expect((await change({ password: 'another long one' })).json().error).toMatchObject({
    code: 'forbidden',
    field: 'current',
  });
  expect((await change({ password: 'short', current: PASSWORD })).json().error).toMatchObject({
    field: 'password',
  });
  expect((await change({ password: 'another long one', current: PASSWORD })).statusCode).toBe(200);
  expect(await who(server, { cookie })).toMatchObject({ actor: null });
  expect(await who(server, server.headers)).toMatchObject({ actor: { name: 'admin' } });
});

test('behind TLS the cookie is Secure', async () => {
  const server = await openServer({ trust_proxy: ['127.0.0.1'] });
  const url = `/sign-in?token=${await server.govern.signIn.firstRunLink()}`;
  const { cookies } = await server.app.inject({ url, headers: { 'x-forwarded-proto': 'https' } });
  expect(cookies[0]).toMatchObject({ secure: true });
});

test('the token in the data folder lets this machine in, and no other', async () => {
  const server = await openServer();
  const file = join(server.govern.data_dir, 'local-token');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const authorization = `Bearer ${readFileSync(file, 'utf8').trim()}`;
  expect(await who(server, { authorization })).toMatchObject({ actor: { kind: 'local', roles: ['admin'] } });
  const away = await server.app.inject({
    url: '/api/users',
    headers: { authorization },
    remoteAddress: '203.0.113.7',
  });
  expect(away.statusCode).toBe(401);
  expect(
    (await post(server, '/api/tokens', { name: 't', roles: ['viewer'] }, { authorization })).statusCode,
  ).toBe(200);
});

test('secrets are nowhere in the log', async () => {
  const server = await withPassword();
  await server.app.inject({ url: '/sign-in?token=the-secret-of-the-link' });
  expect(JSON.stringify(server.log)).not.toMatch(/the-secret|battery/);
});
