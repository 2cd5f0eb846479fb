import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { openServer } from '../http/fixture.ts';
import { defineOperation, type Operation } from '../kernel/operation.ts';
import { run } from './run.ts';

/** A listening server, and the command line of the machine that it runs on. */
async function openCommandLine(options: { answer?: boolean; operations?: readonly Operation[] } = {}) {
  const { app, govern } = await openServer({ operations: options.operations ?? [] });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const folder = mkdtempSync(join(tmpdir(), 'plans-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { answer } = options;
  const command = async (...args: string[]) => {
    const [out, err]: [string[], string[]] = [[], []];
    const io = {
      env: { PLUMBLINE_URL: url, PLUMBLINE_DATA: govern.data_dir },
      out: (t: string) => void out.push(t),
      err: (t: string) => void err.push(t),
    };
    const code = await run(args, answer === undefined ? io : { ...io, ask: async () => answer });
    return { code, out: out.join('\n'), err: err.join('\n') };
  };
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  return { command, write, folder, govern, url };
}

const box = (name: string, size: number | string) => `kind: box\nname: ${name}\nbody:\n  size: ${size}\n`;

test('plan shows what changes, apply releases it, rollback takes it back', async () => {
  const { command, write, folder, govern } = await openCommandLine();
  write('boxes.yaml', `${box('small', 1)}---\n${box('large', 9)}`);
  expect(await command('plan', folder)).toEqual({
    code: 0,
    out: '+ box/small\n+ box/large\n\nNothing is released yet. 2 to change, 0 the same.',
    err: '',
  });
  const applied = await command('apply', folder, '-m', 'first', '--yes');
  expect([applied.code, applied.out.split('\n').at(-1)]).toEqual([0, 'Release 1 is live.']);

  write('boxes.yaml', box('small', 2));
  const planned = await command('plan', folder, '--prune');
  expect(planned.out.split('\n').slice(0, 3)).toEqual([
    '~ box/small (version 1)',
    '    ~ size: 1 → 2',
    '- box/large (version 1)',
  ]);
  expect(govern.definitions.current('box').map((d) => d.name)).toEqual(['large', 'small']);
  await command('apply', folder, '-m', 'second', '--yes', '--prune');
  expect(govern.definitions.current('box')).toMatchObject([{ name: 'small', version: 2, body: { size: 2 } }]);
  expect((await command('apply', folder, '-m', 'again', '--yes')).out).toContain('Nothing to release.');

  expect(await command('rollback', '1', '-y')).toMatchObject({
    code: 0,
    out: 'Release 3 is live: the set of release 1.',
  });
  expect(govern.definitions.current('box').map((d) => d.name)).toEqual(['large', 'small']);
  const releases = await command('releases');
  expect(releases.out).toMatch(/current\s+3/);
  expect(releases.out).toMatch(/2\s+.*command line\s+second/);
});

test('definitions with problems end with 2 and change nothing', async () => {
  const { command, write, folder, govern } = await openCommandLine();
  write('bad.yaml', box('small', 'much'));
  for (const args of [
    ['plan', folder],
    ['apply', folder, '-m', 'x', '-y'],
  ]) {
    expect(await command(...args)).toMatchObject({ code: 2, err: '! box/small size: must be whole' });
  }
  expect(govern.definitions.release()).toBe(0);
});

test.each([
  ['not YAML', 'kind: [box\n', /bad\.yaml:\d+: /],
  ['no name', 'kind: box\nbody: {}\n', /bad\.yaml:1: `name` is missing/],
  ['a list', '- 1\n', /bad\.yaml:1: a definition is kind, name and body/],
  ['an unknown key', 'kind: box\nname: a\nbody: {}\nboddy: 1\n', /bad\.yaml:1: boddy: unknown/],
  ['a second document', `${box('a', 1)}---\nname: b\n`, /bad\.yaml:6: `kind` is missing/],
])('%s is named with file and line', async (_, text, problem) => {
  const { command, write, folder } = await openCommandLine();
  write('bad.yaml', text);
  const { code, err } = await command('plan', folder);
  expect([code, err]).toEqual([2, expect.stringMatching(problem)]);
});

test('without a terminal apply needs --yes; at a terminal it asks', async () => {
  const silent = await openCommandLine();
  silent.write('box.yaml', box('a', 1));
  expect(await silent.command('apply', silent.folder, '-m', 'x')).toMatchObject({
    code: 1,
    err: expect.stringContaining('--yes'),
  });
  const no = await openCommandLine({ answer: false });
  no.write('box.yaml', box('a', 1));
  expect(await no.command('apply', no.folder, '-m', 'x')).toMatchObject({
    code: 1,
    err: 'Nothing was changed.',
  });
  expect(no.govern.definitions.release()).toBe(0);
});

test('propose saves drafts and asks for a review', async () => {
  const { command, write, folder, govern } = await openCommandLine();
  write('box.yaml', box('a', 1));
  expect((await command('propose', folder)).out).toBe('box/a version 1 waits for a review.');
  expect(await govern.drafts.get('box', 'a')).toMatchObject({
    status: 'in_review',
    review: { state: 'requested' },
  });
  expect(govern.definitions.release()).toBe(0);
});

test('every operation is a verb', async () => {
  const { command, govern } = await openCommandLine();
  const made = await command(
    'users',
    'create',
    '--name',
    'Ann',
    '--roles',
    'editor,viewer',
    '--password',
    'correct horse battery',
  );
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/name\s+Ann\n/) });
  const [ann] = await govern.users.list();
  expect(ann).toMatchObject({ name: 'Ann', roles: ['editor', 'viewer'] });
  const off = await command('users', 'update', String(ann?.id), '--roles', '["viewer"]', '--json');
  expect(off.code).toBe(1);
  expect(off.err).toContain('no administrator');
  const list = await command('users', '--json');
  expect(JSON.parse(list.out)).toMatchObject({ users: [{ name: 'Ann' }] });
  expect((await command('definitions', 'put', 'box', 'b', '--body', '{"size":3}')).code).toBe(0);
  const table = await command('definitions', 'list', '--kind', 'box');
  expect(table.out.split('\n')[0]).toMatch(/^kind +name +version +author/);
  expect((await command('audit', 'verify')).out).toMatch(/ok\s+true/);
});

test('a whole body comes from a file', async () => {
  const { command, write, folder, govern } = await openCommandLine();
  write('user.json', JSON.stringify({ name: 'Ben', roles: ['admin'], password: 'correct horse battery' }));
  expect((await command('users', 'create', '--input', `@${folder}/user.json`)).code).toBe(0);
  expect((await govern.users.list()).map((u) => u.name)).toEqual(['Ben']);
  expect(await command('users', 'create', '--input', '[1]')).toMatchObject({
    code: 1,
    err: '--input must be a JSON object.',
  });
});

test('an operation that takes one of several bodies has the fields of all of them', async () => {
  const box = z.strictObject({ colour: z.string() });
  const detail = z.string().default('');
  const pick = defineOperation({
    name: 'boxes.pick',
    summary: 'Takes a box out',
    method: 'POST',
    path: '/api/boxes/pick',
    input: z.union([z.strictObject({ box, detail }), z.strictObject({ id: z.string(), detail })]),
    output: z.unknown(),
    access: { action: 'read', object: 'sources' },
    handle: async (input) => input,
  });
  const { command } = await openCommandLine({ operations: [pick] });
  const run = async (...args: string[]) => {
    const { code, out, err } = await command('boxes', 'pick', ...args, '--json');
    return code === 0 ? JSON.parse(out) : err;
  };
  expect(await run('--box', '{"colour":"red"}')).toEqual({ box: { colour: 'red' }, detail: '' });
  expect(await run('--id', 'b1', '--detail', 'why')).toEqual({ id: 'b1', detail: 'why' });
  expect(await run('--input', '{"id":"b1"}')).toEqual({ id: 'b1', detail: '' });
  expect(await run()).toContain('box or id: is missing');
  expect(await run('--box', '{}')).toContain('box.colour: is missing');
  expect((await command('boxes', 'pick', '--help')).out).toMatch(/--box <json>.*--detail.*--id.*--input/s);
});

test('what is missing, unknown or refused is said', async () => {
  const { command, url } = await openCommandLine();
  expect(await command('users', 'create', '--name', 'x')).toMatchObject({
    code: 1,
    err: 'Missing: --roles, --password.',
  });
  expect(await command('boxes')).toMatchObject({
    code: 1,
    err: expect.stringContaining("unknown command 'boxes'"),
  });
  expect(await command('releases', 'get', '7')).toMatchObject({
    code: 1,
    err: expect.stringContaining('There is no release 7.'),
  });
  expect(await command('users', 'list', '--token', 'wrong')).toMatchObject({
    code: 1,
    err: expect.stringContaining('Nobody is signed in'),
  });
  const silent = await run(['users', 'list'], {
    env: { PLUMBLINE_URL: 'http://127.0.0.1:9' },
    out: () => {},
    err: (text) => expect(text).toContain('plumbline serve'),
  });
  expect(silent).toBe(1);
  expect(url).toMatch(/^http/);
});

test('help works without a server', async () => {
  const out: string[] = [];
  const code = await run(['--help'], {
    env: { PLUMBLINE_URL: 'http://127.0.0.1:9' },
    out: (t) => void out.push(t),
    err: () => {},
  });
  expect(code).toBe(0);
  expect(out.join('\n')).toMatch(/plan <path>|plan \[options\] <path>/);
});

test('the local token goes to this machine only', async () => {
  const { govern } = await openCommandLine();
  const token = readFileSync(join(govern.data_dir, 'local-token'), 'utf8').trim();
  const seen: string[] = [];
  const original = globalThis.fetch;
  onTestFinished(() => {
    globalThis.fetch = original;
  });
  globalThis.fetch = async (input, init) => {
    seen.push(`${String(input)} ${JSON.stringify(init?.headers)}`);
    return new Response('{}', { status: 401 });
  };
  const env = { PLUMBLINE_DATA: govern.data_dir };
  for (const url of ['http://127.0.0.1:4700', 'http://127.0.0.1.example.com', 'https://example.com']) {
    await run(['users', 'list', '--url', url], { env, out: () => {}, err: () => {} });
  }
  expect(seen.map((line) => line.includes(token))).toEqual([true, false, false]);
});
