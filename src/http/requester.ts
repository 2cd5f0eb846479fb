import type { FastifyRequest } from 'fastify';
import { AppError } from '../kernel/errors.ts';
import type { Actor } from '../kernel/operation.ts';

/** What a request carries to say who sends it. */
export interface Credentials {
  readonly session?: string;
  readonly bearer?: string;
  /** From this machine. */
  readonly loopback: boolean;
}

/** Who sends the request; null when the credentials are missing or no longer good. */
export type Authenticate = (credentials: Credentials) => Promise<Actor | null>;

export const SESSION_COOKIE = 'plumbline_session';
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export function credentialsOf(request: FastifyRequest): Credentials {
  const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const session = request.cookies[SESSION_COOKIE];
  return {
    ...(session === undefined ? {} : { session }),
    ...(bearer === undefined ? {} : { bearer }),
    loopback: isLoopback(request.ip),
  };
}

/** Refuses with `unauthorized` when nobody is signed in, and with `forbidden` when another site sends the request. */
export async function requireActor(request: FastifyRequest, authenticate: Authenticate): Promise<Actor> {
  const credentials = credentialsOf(request);
  const actor = await authenticate(credentials);
  if (actor === null)
    throw new AppError('unauthorized', { message: 'Nobody is signed in for this request.' });
  if (credentials.bearer === undefined) refuseForgery(request);
  return actor;
}

/**
 * A browser adds the session cookie by itself, so a change with a cookie must also show that our own page sent it:
 * other sites cannot set this header, nor say `same-origin`.
 */
export function refuseForgery(request: FastifyRequest): void {
  if (SAFE_METHODS.has(request.method)) return;
  const site = request.headers['sec-fetch-site'];
  const own = request.headers['x-plumbline'] === 'console' && (site === undefined || site === 'same-origin');
  if (own) return;
  throw new AppError('forbidden', {
    message:
      'A change made with the session cookie needs the header `x-plumbline: console` from the same origin.',
    rule: 'csrf',
  });
}

export const isLoopback = (ip: string): boolean =>
  ip === '::1' || /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(ip);
