import { readFileSync } from 'node:fs';

// The stage order is written once, in src/kernel/path.ts; the rules below are made from it.
const PATH = [
  ...readFileSync(new URL('src/kernel/path.ts', import.meta.url), 'utf8').matchAll(/'([a-z]+)'/g),
].map((m) => m[1]);
if (PATH.length !== 9) throw new Error('src/kernel/path.ts: expected the nine stages of PATH');
const STAGES = [...PATH, 'listen', 'govern'];
const own = (stage) => `^src/${stage}/`;
const portFiles = '^src/stores/[a-z]+/port\\.ts$';
const TESTS = '\\.(test|suite)\\.ts$|/(fixture|crash)[^/]*\\.ts$';
// A stage's pure code never touches a port; these files may.
const PORT_USERS = '(/service|\\.service|/jobs|\\.jobs|/index|\\.step|/operations)\\.ts$';

const forbidden = [];
const rule = (name, comment, from, to) => forbidden.push({ name, comment, severity: 'error', from, to });

rule('no-cycles', 'Imports form a tree.', {}, { circular: true });
rule(
  'no-orphan-tests-in-product',
  'Product code does not import tests.',
  { pathNot: TESTS, path: '^src/' },
  { path: TESTS },
);

PATH.forEach((stage, i) => {
  const earlier = PATH.slice(0, i).map((s) => `^src/${s}/contract\\.ts$`);
  const allowed = [
    own(stage),
    '^src/kernel/',
    '^src/stats/',
    portFiles,
    '^src/govern/contract\\.ts$',
    ...earlier,
  ];
  rule(
    `${stage}-looks-back-only`,
    `${stage} imports contracts of earlier stages, kernel, stats, ports and govern's contract.`,
    { path: own(stage), pathNot: TESTS },
    { path: '^(src|console|simulate|bench|test)/', pathNot: allowed },
  );
});
rule(
  'listen-looks-back-only',
  'listen reads collect and measure.',
  { path: own('listen'), pathNot: TESTS },
  {
    path: '^(src|console|simulate|bench|test)/',
    pathNot: [
      own('listen'),
      '^src/kernel/',
      '^src/stats/',
      portFiles,
      '^src/(govern|collect|measure)/contract\\.ts$',
    ],
  },
);
rule(
  'govern-imports-kernel-and-ports',
  'govern learns of tables from manifests, never from stages.',
  { path: own('govern'), pathNot: TESTS },
  { path: '^(src|console|simulate|bench|test)/', pathNot: [own('govern'), '^src/kernel/', portFiles] },
);
for (const stage of STAGES) {
  rule(
    `${stage}-ports-in-services-only`,
    'Only service, job, step, operation and index files touch a port; pure code does not.',
    { path: own(stage), pathNot: `${TESTS}|${PORT_USERS}` },
    { path: '^src/stores/', dependencyTypesNot: ['type-only'] },
  );
}
rule(
  'views-read-contracts',
  'views read contracts and ports and write nothing.',
  { path: '^src/views/', pathNot: TESTS },
  {
    path: '^src/',
    pathNot: ['^src/views/', '^src/[a-z]+/contract\\.ts$', portFiles, '^src/kernel/', '^src/stats/'],
  },
);
rule(
  'stats-import-nothing',
  'stats knows no marketing words and imports nothing of ours.',
  { path: '^src/stats/', pathNot: TESTS },
  { path: '^(src|console|simulate|bench|test)/', pathNot: '^src/stats/' },
);
rule(
  'kernel-imports-nothing',
  'The floor stands on nothing of ours.',
  { path: '^src/kernel/', pathNot: TESTS },
  { path: '^(src|console|simulate|bench|test)/', pathNot: '^src/kernel/' },
);
rule(
  'stores-import-kernel',
  'Stores know the kernel only.',
  { path: '^src/stores/', pathNot: TESTS },
  { path: '^(src|console|simulate|bench|test)/', pathNot: ['^src/stores/', '^src/kernel/'] },
);
rule(
  'edges-import-app-and-kernel',
  'http and cli see app and kernel.',
  { path: '^src/(http|cli)/', pathNot: TESTS },
  { path: '^src/', pathNot: ['^src/(http|cli|app|kernel)/'] },
);
rule(
  'only-app-composes',
  "A stage's index is imported by app only.",
  { pathNot: `^src/app/|${TESTS}` },
  { path: `^src/(${STAGES.join('|')})/index\\.ts$` },
);
for (const [store, drivers] of [
  ['warehouse', 'chdb|@clickhouse/client'],
  ['(online|log)', 'lmdb'],
  ['control', 'pg'],
]) {
  rule(
    `drivers-stay-in-${store}`,
    'A database driver is imported only inside its own store.',
    { pathNot: `^src/stores/${store}/` },
    { path: `^node_modules/(${drivers})/` },
  );
}
rule(
  'sqlite-stays-in-stores',
  'node:sqlite belongs to the control store, and to the lock of a data folder.',
  { path: '^src/', pathNot: '^src/stores/(control/|folder-lock)' },
  { path: '^(node:)?sqlite$' },
);
rule(
  'product-does-not-import-dev',
  'Product code uses no dev dependency.',
  { path: '^src/', pathNot: TESTS },
  { dependencyTypes: ['npm-dev'] },
);

export default {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
