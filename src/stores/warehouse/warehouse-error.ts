import { AppError } from '../../kernel/errors.ts';
import { isStoreFault, storeFault } from '../store-error.ts';

/** ClickHouse error codes that speak of the machine, not of the statement. */
const FAULTS: Readonly<Record<number, string>> = {
  74: 'The warehouse cannot read its disk.',
  75: 'The warehouse cannot write to its disk.',
  159: 'The query took too long and was stopped.',
  202: 'Too many queries at once.',
  209: 'The warehouse did not answer in time.',
  210: 'The warehouse cannot be reached.',
  241: 'The query needs more memory than is allowed.',
  243: 'The warehouse disk is full.',
  252: 'Inserts come faster than the warehouse can merge them.',
  394: 'The query was stopped.',
};

/** `store_unavailable` for faults of the machine; anything else, such as wrong SQL, is a bug: its message is for the log. */
export function refusalOf(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const code = engineCode(error);
  const message = code === undefined ? undefined : FAULTS[code];
  if (message !== undefined) return storeFault('store_unavailable', message, error);
  if (isStoreFault(error) || isUnreachable(error))
    return storeFault('store_unavailable', 'The warehouse cannot work now.', error);
  return error instanceof Error ? withoutValues(error, code) : error;
}

/** Unknown columns, functions, identifiers and tables: what these quote first is a name, not a value. */
const ABOUT_NAMES: ReadonlySet<number | undefined> = new Set([10, 16, 46, 47, 60, 81]);
const QUOTED = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`/g;
/** After these words the engine repeats the statement, values and all. */
const STATEMENT = /:? ?\b(?:in scope|in query|while processing|while executing)\b|\(line \d+, col \d+\)/i;
const MESSAGE_MAX = 400;

/** The engine quotes values, which may be people's, and messages of bugs are logged: what was wrong is kept, of whom is not. */
function withoutValues(error: Error, code: number | undefined): Error {
  const [said = ''] = error.message.split(STATEMENT, 1);
  const message = (ABOUT_NAMES.has(code) ? said : said.replaceAll(QUOTED, '…')).slice(0, MESSAGE_MAX);
  const { name, stack = '' } = error;
  const frames = stack.slice(Math.max(0, stack.search(/^ {4}at /m)));
  return Object.assign(new Error(message), {
    name,
    stack: `${name}: ${message}\n${frames}`,
    ...(code !== undefined && { code: String(code) }),
  });
}

const OUT_OF_MEMORY = 241;

/**
 * The engine's number for what is wrong with a statement, or 241 for one that needs more memory than is allowed; undefined
 * for anything that lies in the machine, and passes without another statement.
 */
export function statementProblem(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  return engineCode(error) ?? (engineCode(error.cause) === OUT_OF_MEMORY ? OUT_OF_MEMORY : undefined);
}

/** The engine's number: a field of chDB's errors, a string in those of the HTTP client. */
function engineCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('clickhouseCode' in error && error.clickhouseCode !== undefined) return Number(error.clickhouseCode);
  return 'code' in error && /^\d+$/.test(String(error.code)) ? Number(error.code) : undefined;
}

const isUnreachable = (error: unknown): boolean =>
  error instanceof Error &&
  /ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|socket hang up|Timeout/i.test(
    `${'code' in error ? String(error.code) : ''} ${error.message}`,
  );
