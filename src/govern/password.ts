import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { AppError } from '../kernel/errors.ts';

/**
 * Passwords, as Argon2id in the PHC string format.
 * Source: RFC 9106; cost after the OWASP password storage cheat sheet: 19 MiB, 2 passes, 1 lane.
 */
const COST = { memory_kib: 19_456, passes: 2, lanes: 1 };
const TAG_BYTES = 32;
const MIN_CHARACTERS = 12;
const MAX_BYTES = 1_024;
/** Each takes 19 MiB and a thread: more at a time would let strangers fill memory. */
const AT_A_TIME = 3;
const WAITING_MAX = 60;

/** Refuses a password that is too short, too long or too easily guessed from the account's name. */
export function checkPassword(password: string, name: string): void {
  const refuse = (rule: string, message: string) => {
    throw new AppError('invalid_input', { message, field: 'password', rule });
  };
  if ([...password].length < MIN_CHARACTERS) {
    refuse('min_length', `The password needs ${MIN_CHARACTERS} characters or more.`);
  }
  if (Buffer.byteLength(password) > MAX_BYTES)
    refuse('max_length', `The password is longer than ${MAX_BYTES} bytes.`);
  if (new Set(password).size < 5) refuse('variety', 'The password repeats too few different characters.');
  if (password.toLowerCase().replaceAll(name.toLowerCase(), '').length < 6) {
    refuse('not_the_name', "The password is little more than the account's name.");
  }
}

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const tag = await queued(() => derive(password, salt, COST));
  const { memory_kib, passes, lanes } = COST;
  return `$argon2id$v=19$m=${memory_kib},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** With no stored hash the same work is done and the answer is no: time does not tell whether an account exists. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(stored ?? '');
  const [, memory, passes, lanes, salt, tag] = parts ?? [];
  if (parts === null || salt === undefined || tag === undefined) {
    await queued(() => derive(password, randomBytes(16), COST));
    return false;
  }
  const expected = Buffer.from(tag, 'base64');
  const cost = { memory_kib: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  const given = await queued(() => derive(password, Buffer.from(salt, 'base64'), cost));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  const parameters = {
    message: password.normalize('NFKC').slice(0, MAX_BYTES),
    nonce: salt,
    parallelism: cost.lanes,
    tagLength: TAG_BYTES,
    memory: cost.memory_kib,
    passes: cost.passes,
  };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => (error === null ? resolve(tag) : reject(error)));
  });
}

let running = 0;
const waiting: (() => void)[] = [];

async function queued<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_A_TIME) {
    if (waiting.length >= WAITING_MAX) {
      throw new AppError('throttled', { message: 'Too many sign-ins at once.', retry_after_s: 5 });
    }
    await new Promise<void>((go) => waiting.push(go));
  } else {
    running += 1;
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}
