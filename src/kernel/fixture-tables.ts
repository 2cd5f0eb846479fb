/** The warehouse tables of some stages, as a start of the program makes them, for tests and benchmarks. */
import { migrationFiles, statements } from './migration-files.ts';
import { type Sql, statement } from './sql.ts';

export const tablesOf = (...stages: readonly string[]): Sql[] =>
  stages
    .flatMap((stage) => migrationFiles(stage, new URL(`../${stage}/index.ts`, import.meta.url).href))
    .filter(({ store }) => store === 'warehouse')
    .flatMap(({ script }) => statements(script).map(statement));
