import { readdirSync, readFileSync } from 'node:fs';
import type { Migration } from './stage.ts';

/**
 * The migrations of a stage: `migrations/warehouse/*.sql` and `migrations/control/*.sql` beside its index, in order of
 * their names. `here` is the stage's `import.meta.url`.
 */
export function migrationFiles(stage: string, here: string): Migration[] {
  return (['control', 'warehouse'] as const).flatMap((store) => {
    const folder = new URL(`migrations/${store}/`, here);
    return namesIn(folder).map((name) => ({
      id: `${stage}/${store}/${name.replace(/\.sql$/, '')}`,
      store,
      script: readFileSync(new URL(name, folder), 'utf8'),
    }));
  });
}

function namesIn(folder: URL): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.sql'))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Statements of a script: separated by a semicolon at the end of a line. */
export const statements = (script: string): string[] =>
  script
    .split(/;\s*(?:\n|$)/)
    .map((each) => each.trim())
    .filter((each) => each.replace(/^--.*$/gm, '').trim() !== '');
