import { expect, test } from 'vitest';
import { listenHost } from './listen-host.ts';

test.each([
  ['0.0.0.0', false, '127.0.0.1', true],
  ['::', false, '127.0.0.1', true],
  ['shop.example', false, '127.0.0.1', true],
  ['127.0.0.1.example', false, '127.0.0.1', true],
  ['127.0.0.1', false, '127.0.0.1', false],
  ['localhost', false, 'localhost', false],
  ['::1', false, '::1', false],
  ['0.0.0.0', true, '0.0.0.0', false],
])('%s with a password set: %s -> %s', (configured, password_set, host, held_back) => {
  expect(listenHost(configured, password_set)).toEqual({ host, held_back });
});
