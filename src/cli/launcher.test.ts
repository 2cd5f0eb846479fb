import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const LAUNCHER = fileURLToPath(new URL('../../bin/plumbline.js', import.meta.url));

const launch = (args: string[]) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const env = { ...process.env, PLUMBLINE_URL: 'http://127.0.0.1:9' };
    execFile(process.execPath, [LAUNCHER, ...args], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });

test('the launcher runs the command line and gives its exit code and its streams back', async () => {
  expect(await launch(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('serve') });
  expect(await launch(['plan', '/no/such/folder'])).toMatchObject({
    code: 2,
    out: '',
    err: 'There is no file or folder /no/such/folder.\n',
  });
  expect(await launch(['sources'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('Nothing answers'),
  });
});
