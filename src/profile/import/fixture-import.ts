/** Imports over a real control database, into a log that is a map. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportedEvent } from '../../collect/contract.ts';
import { createRuns } from '../../govern/runs/runs.service.ts';
import { fixedClock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { migrationFiles } from '../../kernel/migration-files.ts';
import type { Actor } from '../../kernel/operation.ts';
import { compileRules } from '../../resolve/rules/compile-rules.ts';
import { identifierRules } from '../../resolve/rules/identifier-rules.ts';
import { openControlDb } from '../../stores/control/open.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import { createImportService, type ImportService } from './import.service.ts';
import { ImportPlan } from './mapping.ts';

export const NOW = '2026-11-22T10:00:00.000Z';
const clock = fixedClock(NOW);
export const actor: Actor = { id: 'usr_1', name: 'Ada', kind: 'user', roles: ['editor'] };

export interface ImportFixture {
  readonly folder: string;
  readonly control: ControlDb;
  /** What is in the log: once each, as the pipeline would keep it. */
  readonly log: Map<string, ImportedEvent>;
  /** Identity rules that are released, the defaults when undefined; and the append that fails, counted from 1. */
  readonly play: { rules: unknown; failing: number | undefined };
  newService(): ImportService;
  /** The state that the run ended in. */
  finished(run_id: string): Promise<string>;
  /** For another test. */
  clear(): void;
  close(): Promise<void>;
}

export async function openImports(): Promise<ImportFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'import-'));
  const control = await openControlDb(`sqlite:${join(folder, 'control.db')}`, { logger: silentLogger });
  for (const stage of ['govern', 'profile'])
    for (const { store, script } of migrationFiles(
      stage,
      new URL(`../../${stage}/index.ts`, import.meta.url).href,
    ))
      if (store === 'control') await control.script(script);
  const log = new Map<string, ImportedEvent>();
  const play: ImportFixture['play'] = { rules: undefined, failing: undefined };
  let appended = 0;
  let runs = createRuns({ control, clock, logger: silentLogger });
  return {
    folder,
    control,
    log,
    play,
    newService: () =>
      createImportService({
        control,
        clock,
        logger: silentLogger,
        runs,
        identifiers: identifierRules(() => compileRules(play.rules)),
        import_dir: join(folder, 'files'),
        append: async (events) => {
          appended += 1;
          if (appended === play.failing) throw new Error('disk full');
          for (const event of events) if (!log.has(event.message_id)) log.set(event.message_id, event);
        },
      }),
    async finished(run_id) {
      for (;;) {
        const run = await runs.show(run_id);
        if (run.state !== 'running') return run.state;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    clear() {
      log.clear();
      appended = 0;
      play.rules = undefined;
      play.failing = undefined;
      runs = createRuns({ control, clock, logger: silentLogger });
    },
    async close() {
      await control.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const plan = (body: unknown): ImportPlan => ImportPlan.parse(body);

export const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'taken',
    (error: unknown) => (error instanceof AppError ? error.code : `bug: ${String(error)}`),
  );
