import { expect, test } from 'vitest';
import { keyFromAuthorization } from './credentials.ts';

const b64 = (text: string) => Buffer.from(text).toString('base64');

test.each([
  [`Basic ${b64('wk_1:')}`, 'wk_1'],
  [`basic ${b64('wk_1')}`, 'wk_1'],
  [`Basic ${b64('wk_1:secret:more')}`, 'wk_1'],
  ['Bearer wk_1', 'wk_1'],
  ['bearer   wk_1 ', 'wk_1'],
  ['wk_1', ''],
  ['Digest wk_1', ''],
  ['', ''],
  ['Basic ', ''],
  [`Basic ${'A'.repeat(10_000)}`, ''],
  [`Bearer ${'A'.repeat(10_000)}`, ''],
])('%j says %j', (header, key) => {
  expect(keyFromAuthorization(header)).toBe(key);
});
