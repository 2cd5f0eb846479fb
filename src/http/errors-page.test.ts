import { expect, test } from 'vitest';
import { AppError, ERRORS, type ErrorCode } from '../kernel/errors.ts';
import { errorAnswer } from './error-answer.ts';
import { errorsPage } from './errors-page.ts';

test('docs/reference/errors.md says what the table says (vitest -u writes it)', async () => {
  await expect(errorsPage()).toMatchFileSnapshot('../../docs/reference/errors.md');
});

test.each(Object.keys(ERRORS) as ErrorCode[])('%s has its status, its help and the request id', (code) => {
  const answer = errorAnswer(new AppError(code, { message: 'm', field: 'f' }), 'r1');
  expect(answer).toMatchObject({ status: ERRORS[code].status, bug: false });
  expect(answer.body.error).toEqual({
    code,
    message: 'm',
    field: 'f',
    help: ERRORS[code].help,
    request_id: 'r1',
  });
});

test('who must wait is told how long', () => {
  const headers = (code: ErrorCode, retry_after_s?: number) =>
    errorAnswer(
      new AppError(code, { message: 'm', ...(retry_after_s === undefined ? {} : { retry_after_s }) }),
      'r',
    ).headers;
  expect(headers('throttled', 7)).toEqual({ 'retry-after': '7' });
  expect(headers('log_unavailable')).toEqual({ 'retry-after': '5' });
  expect(headers('not_found')).toEqual({});
});

test('anything else is a bug that tells nothing', () => {
  for (const error of [
    new TypeError('secret'),
    'secret',
    null,
    undefined,
    { code: 'EPIPE', message: 'secret' },
  ]) {
    const answer = errorAnswer(error, 'r1');
    expect(answer).toMatchObject({ status: 500, bug: true });
    expect(JSON.stringify(answer)).not.toContain('secret');
  }
});
