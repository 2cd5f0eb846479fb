import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { fieldIssues, inWords } from '../kernel/in-words.ts';
import type { Actor } from '../kernel/operation.ts';
import { createRateLimit } from './rate-limit.ts';
import {
  type Authenticate,
  credentialsOf,
  refuseForgery,
  requireActor,
  SESSION_COOKIE,
} from './requester.ts';
import type { SendPage } from './static-console.ts';

interface SignedIn {
  readonly actor: Actor;
  readonly token: string;
  readonly max_age_s: number;
}

/** What govern supplies. */
export interface SignIn {
  signIn(name: string, password: string): Promise<SignedIn>;
  redeemFirstRun(secret: string): Promise<SignedIn>;
  setPassword(actor: Actor, change: { password: string; current?: string; token: string }): Promise<void>;
  signOut(token: string): Promise<void>;
  passwordSet(): Promise<boolean>;
}

interface Options {
  readonly signIn: SignIn;
  readonly authenticate: Authenticate;
  readonly clock: Clock;
  readonly sendPage: SendPage;
}

const ATTEMPTS = { max: 20, window_ms: 60_000 };

const pair = z.object({ name: z.string().min(1).max(100), password: z.string().min(1).max(1_024) });
const newPassword = z.object({ password: z.string().max(1_024), current: z.string().max(1_024).optional() });

/** Signing in and out: the routes that set cookies. */
export function mountSession(app: FastifyInstance, { signIn, authenticate, clock, sendPage }: Options): void {
  const limit = createRateLimit({ clock, ...ATTEMPTS });

  app.get('/api/session', async (request) => {
    const actor = await authenticate(credentialsOf(request));
    const password_set = await signIn.passwordSet();
    return { actor: actor === null ? null : shown(actor), first_run: !password_set, password_set };
  });

  app.post('/api/session', async (request, reply) => {
    refuseForgery(request);
    limit(request.ip);
    const { name, password } = read(pair, request.body);
    const signedIn = await signIn.signIn(name, password);
    setCookie(request, reply, signedIn);
    return { actor: shown(signedIn.actor) };
  });

  app.delete('/api/session', async (request, reply) => {
    refuseForgery(request);
    const token = request.cookies[SESSION_COOKIE];
    if (token !== undefined) await signIn.signOut(token);
    reply.clearCookie(SESSION_COOKIE, { path: '/' });
    return { actor: null };
  });

  app.post('/api/session/password', async (request) => {
    limit(request.ip);
    const actor = await requireActor(request, authenticate);
    const { password, current } = read(newPassword, request.body);
    const token = request.cookies[SESSION_COOKIE] ?? '';
    await signIn.setPassword(actor, { password, token, ...(current === undefined ? {} : { current }) });
    return { actor: shown(actor) };
  });

  app.get('/sign-in', async (request, reply) => {
    const { token } = request.query as { token?: unknown };
    // Without a token this address is a page of the console.
    if (typeof token !== 'string') return sendPage(reply);
    limit(request.ip);
    // The link opened again by who is signed in just leads on.
    if ((await authenticate(credentialsOf(request))) !== null) return reply.redirect('/', 303);
    try {
      setCookie(request, reply, await signIn.redeemFirstRun(token));
    } catch (error) {
      const person = request.headers.accept?.includes('text/html') === true;
      if (!person || !(error instanceof AppError)) throw error;
      return reply.redirect('/sign-in?link=ended', 303);
    }
    return reply.redirect('/', 303);
  });
}

function setCookie(request: FastifyRequest, reply: FastifyReply, { token, max_age_s }: SignedIn): void {
  const secure = request.protocol === 'https';
  reply.setCookie(SESSION_COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure,
    maxAge: max_age_s,
  });
}

function read<T>(type: z.ZodType<T>, body: unknown): T {
  const result = type.safeParse(body, { error: inWords });
  if (result.success) return result.data;
  const issues = fieldIssues(result.error);
  throw new AppError('invalid_input', { message: 'Not accepted: see the issues.', issues });
}

const shown = ({ id, name, roles, kind }: Actor) => ({ id, name, roles, kind });
