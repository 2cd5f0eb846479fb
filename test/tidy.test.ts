/** The style guide, as far as a machine can hold it. Limits may only fall. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { PATH } from '../src/kernel/path.ts';

const ROOT = new URL('..', import.meta.url).pathname;

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.name === 'node_modules' || entry.name === 'dist') return [];
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

const all = ['src', 'simulate', 'bench', 'test', 'console'].flatMap(filesUnder);
const code = all.filter((path) => /\.tsx?$/.test(path));
const product = code.filter((path) => path.startsWith('src/') && !/\.(test|suite|crash)\.ts$/.test(path));
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');

test('no file passes 400 lines, and half of the product is under 100', () => {
  const lines = (path: string) => text(path).split('\n').length;
  expect(code.filter((path) => lines(path) > 400)).toEqual([]);
  const sizes = product.map(lines).sort((a, b) => a - b);
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThan(100);
});

test('files are kebab-case and there are no drawers', () => {
  expect(
    all.filter((path) => /\.(ts|tsx|sql)$/.test(path) && !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(basename(path))),
  ).toEqual([]);
  expect(
    all.filter((path) => /\/(utils?|helpers?|common|shared|types|lib|misc)(\.tsx?$|\/)/.test(path)),
  ).toEqual([]);
});

test('time, chance and the environment are passed in', () => {
  const banned: readonly [RegExp, string, RegExp][] = [
    [/\bDate\.now\(\)|new Date\(\)/, 'a Clock', /kernel\/clock\.ts$/],
    [/\bMath\.random\(/, 'an Rng', /^$/],
    [/\bprocess\.env\b/, 'Config', /^src\/(app|cli)\//],
    [/\bconsole\.(log|error|warn|info)\(/, 'a Logger', /^src\/cli\//],
    [/\bas any\b|: any\b/, 'a type', /^$/],
  ];
  const found = product.flatMap((path) =>
    banned.flatMap(([pattern, instead, except]) =>
      !except.test(path) && pattern.test(text(path)) ? [`${path}: use ${instead}`] : [],
    ),
  );
  expect(found).toEqual([]);
});

test('nothing is left for later behind a green tick', () => {
  const mark = new RegExp(['TO', 'DO|FIX', 'ME|not impl', 'emented|\\.sk', 'ip\\(|\\.on', 'ly\\('].join(''));
  expect(
    code.filter((path) => path.startsWith('src/') && mark.test(text(path)) && !/skipIf/.test(text(path))),
  ).toEqual([]);
});

test('every stage has its faces', () => {
  for (const stage of [...PATH, 'listen', 'govern']) {
    const folder = `src/${stage}`;
    const readme = text(`${folder}/README.md`);
    expect(readme.split('\n').length, `${folder}/README.md`).toBeLessThanOrEqual(60);
    if (filesUnder(folder).some((path) => path.endsWith('.ts'))) {
      for (const face of ['contract.ts', 'index.ts'])
        expect(existsSync(join(ROOT, folder, face)), `${folder}/${face}`).toBe(true);
    }
  }
});

test('stats knows no marketing words', () => {
  const words = /\b(campaign|channel|customer|audience|segment|marketing|shop)\b/i;
  expect(product.filter((path) => path.startsWith('src/stats/') && words.test(text(path)))).toEqual([]);
});

test('the boundary check reads every file that it is meant to', () => {
  // A check that silently reads nothing passes: the number of modules it visited must be the number of files.
  const depcruise = join(ROOT, 'node_modules/.bin/depcruise');
  const out = execFileSync(
    depcruise,
    [
      '--config',
      'dependency-cruiser.config.mjs',
      '--output-type',
      'json',
      'src',
      'simulate',
      'bench',
      'test',
    ],
    { cwd: ROOT, maxBuffer: 1 << 28, encoding: 'utf8' },
  );
  const visited = (JSON.parse(out) as { modules: { source: string }[] }).modules.map(
    (module) => module.source,
  );
  const expected = code.filter((path) => /^(src|simulate|bench|test)\//.test(path));
  expect(expected.filter((path) => !visited.includes(path))).toEqual([]);
  expect(expected.length).toBeGreaterThan(100);
});

test('no file holds a path of one machine or a registry', () => {
  const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '' && existsSync(join(ROOT, path)));
  const small = tracked.filter(
    (path) =>
      path !== 'package-lock.json' &&
      statSync(join(ROOT, path)).isFile() &&
      statSync(join(ROOT, path)).size < 1 << 20,
  );
  const machine = new RegExp(['/wo', 'rk/|/ro', 'ot/|registry\\.npm', 'js\\.org'].join(''));
  expect(small.filter((path) => machine.test(text(path)))).toEqual([]);
});
