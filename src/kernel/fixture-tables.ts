/** The tables of some stages, as a start of the program makes them, for tests and benchmarks. */
import { migrationFiles, statements } from './migration-files.ts';
import { type Sql, statement } from './sql.ts';

const migrationsOf = (stages: readonly string[]) =>
  stages.flatMap((stage) => migrationFiles(stage, new URL(`../${stage}/index.ts`, import.meta.url).href));

export const tablesOf = (...stages: readonly string[]): Sql[] =>
  migrationsOf(stages)
    .filter(({ store }) => store === 'warehouse')
    .flatMap(({ script }) => statements(script).map(statement));

/** What makes their tables in the control database. */
export const controlScriptOf = (...stages: readonly string[]): string =>
  migrationsOf(stages)
    .filter(({ store }) => store === 'control')
    .map(({ script }) => script)
    .join('\n');
