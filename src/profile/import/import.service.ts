import type { AppendImported, ImportedEvent } from '../../collect/contract.ts';
import type { RunHandle, Runs } from '../../govern/contract.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Actor } from '../../kernel/operation.ts';
import type { IdentifierRules } from '../../resolve/contract.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import { checkPlan, checkTargets } from './check-plan.ts';
import { importFiles } from './import-files.service.ts';
import type { ImportView, ProblemView } from './import-schema.ts';
import {
  type ImportRecord,
  insertImport,
  insertRejects,
  newestImports,
  oneImport,
  REJECTS_A_STATEMENT,
  rejectsAfter,
  setProgress,
  setState,
} from './imports.sql.ts';
import { type ImportRow, mapRow, type RowContext, type RowProblem } from './map-row.ts';
import { ImportPlan, type ImportTarget } from './mapping.ts';
import { isProblem, type ReadRow, readRows } from './read-rows.ts';
import { boundProblems, csvOf, IMPORT_PROBLEMS_MAX } from './reject-file.ts';
import { suggestMapping } from './suggest-mapping.ts';

interface Source {
  readonly text?: string | undefined;
  readonly file?: string | undefined;
}

interface PreviewAsk extends Source {
  readonly format: 'csv' | 'ndjson';
  readonly kind: ImportPlan['kind'];
  readonly mapping?: Record<string, ImportTarget> | undefined;
  readonly event?: string | undefined;
  readonly day_first: boolean;
}

/** Imports in bulk: every row that is taken becomes an event of the log, and so has a fate like any other. */
export interface ImportService {
  preview(ask: PreviewAsk): Promise<{
    columns: string[];
    mapping: Record<string, ImportTarget>;
    rows: { row: number; cells: Record<string, unknown>; event: unknown }[];
    examined: number;
    accepted: number;
    problems: ProblemView[];
  }>;
  upload(piece: { file: string; text: string; offset: number }): Promise<{ file: string; bytes: number }>;
  start(
    ask: Source & { name: string; plan: ImportPlan },
    actor: Actor,
  ): Promise<{ id: string; run_id: string }>;
  resume(id: string, actor: Actor): Promise<{ id: string; run_id: string }>;
  list(limit: number): Promise<ImportView[]>;
  show(id: string): Promise<ImportView & { plan: ImportPlan; problems: ProblemView[] }>;
  rejects(id: string, after: number): Promise<{ csv: string; rows: number; next: number | null }>;
}

const NO_ROWS = 'The file has no rows.';
const EMPTY_FILE: RowProblem = { row: 1, column: '', rule: 'no_rows', message: NO_ROWS, value_type: 'empty' };
const EXAMINED_MAX = 1_000;
const SHOWN_ROWS = 20;
const CHUNK_ROWS = 500;
/** Read at once, so that requests get their turn: of a wide table fewer rows. */
const CHUNK_CELLS = 40_000;
const REJECTS_PAGE = 10_000;
const PROBLEMS_SHOWN = 50;
const PREVIEW_PROBLEMS = 200;
/** When none of so many rows can be taken, none of the others will. */
const HOPELESS_ROWS = 10_000;

export function createImportService(deps: {
  readonly control: ControlDb;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly runs: Runs;
  readonly append: AppendImported;
  readonly identifiers: IdentifierRules;
  readonly import_dir: string;
}): ImportService {
  const { control, clock, logger, append, identifiers } = deps;
  const files = importFiles(deps.import_dir);
  /** Imports that run here; those that say so and are not here were cut off. */
  const active = new Set<string>();

  async function recordOf(id: string): Promise<ImportRecord> {
    const found = await control.one<ImportRecord>(oneImport(id));
    if (found === undefined)
      throw new AppError('not_found', { message: 'There is no import of this id.', field: 'id' });
    return found;
  }

  const chunksOf = ({ text, file }: Source): Iterable<string> | AsyncIterable<string> => {
    if ((text === undefined) === (file === undefined))
      throw new AppError('invalid_input', {
        message: 'Send either `text` or `file`.',
        field: 'text',
        rule: 'one of two',
      });
    return text === undefined ? files.read(file ?? '', () => {}) : [text];
  };

  async function firstRows(ask: PreviewAsk): Promise<{ read: ReadRow[]; header: readonly string[] }> {
    const chunks = chunksOf(ask);
    if (ask.file !== undefined) await files.size(ask.file);
    const read: ReadRow[] = [];
    let header: readonly string[] = [];
    const named = (names: readonly string[]) => {
      header = names;
    };
    for await (const row of readRows(ask.format, chunks, named)) {
      read.push(row);
      if (read.length >= EXAMINED_MAX) break;
    }
    return { read, header };
  }

  /** Takes rows in chunks; what is done is written with its rejects in one transaction, after its events are durable. */
  async function work(record: ImportRecord, run: RunHandle): Promise<unknown> {
    const plan = ImportPlan.parse(JSON.parse(record.plan));
    const context: RowContext = {
      import_id: record.id,
      plan,
      now_ms: Date.parse(record.created_at),
      identifiers,
    };
    const bytes = Math.max(1, await files.size(record.file));
    let read = 0;
    let { rows, accepted, rejected, problems_kept, problems_left_out } = record;
    const columns = Object.keys(plan.mapping).length;
    const chunk_rows = Math.max(1, Math.min(CHUNK_ROWS, Math.floor(CHUNK_CELLS / columns)));
    let seen = 0;
    let chunk: ReadRow[] = [];
    const take = async (): Promise<void> => {
      const events: ImportedEvent[] = [];
      const problems: RowProblem[] = [];
      for (const row of chunk) {
        const mapped = isProblem(row) ? { problems: [row] } : mapRow(row, context);
        if ('events' in mapped) {
          events.push(...mapped.events);
          accepted += 1;
        } else {
          problems.push(...mapped.problems);
          rejected += 1;
        }
      }
      rows += chunk.length;
      chunk = [];
      if (events.length > 0) await append(events);
      const progress = Math.min(1, read / bytes);
      const { listed, left_out } = boundProblems(problems, IMPORT_PROBLEMS_MAX - problems_kept);
      problems_kept += listed.length;
      problems_left_out += left_out;
      const done = { rows, accepted, rejected, problems_kept, problems_left_out, progress };
      await control.transaction(async (tx) => {
        await tx.run(setProgress(record.id, done));
        for (let from = 0; from < listed.length; from += REJECTS_A_STATEMENT)
          await tx.run(insertRejects(record.id, listed.slice(from, from + REJECTS_A_STATEMENT)));
      });
      run.progress(progress, `${rows} rows: ${accepted} taken, ${rejected} refused`);
      if (accepted === 0 && rows - record.rows >= HOPELESS_ROWS)
        throw new AppError('invalid_input', {
          message: `None of the first ${rows} rows can be taken, so the import stopped: see the problems, and map the columns anew.`,
          field: 'plan.mapping',
          rule: 'nothing_taken',
        });
      // Requests get a turn, also when nothing was there to wait for.
      await new Promise((resolve) => setImmediate(resolve));
    };
    const counted = files.read(record.file, (so_far) => {
      read = so_far;
    });
    for await (const row of readRows(plan.format, counted)) {
      seen += 1;
      if (seen <= record.rows) continue;
      chunk.push(row);
      if (chunk.length < chunk_rows) continue;
      if (run.signal.aborted) break;
      await take();
    }
    const isCut = run.signal.aborted;
    if (!isCut && chunk.length > 0) await take();
    if (!isCut && rows === 0)
      throw new AppError('invalid_input', { message: NO_ROWS, field: 'file', rule: 'no_rows' });
    const ended_at = new Date(clock.now_ms()).toISOString();
    await control.run(setState(record.id, isCut ? 'cancelled' : 'done', ended_at, ''));
    if (!isCut) await files.done(record.file);
    return { rows, accepted, rejected };
  }

  async function begin(record: ImportRecord, actor: Actor): Promise<{ id: string; run_id: string }> {
    const { id } = record;
    // Before anything is waited for, so that one import never runs twice.
    active.add(id);
    try {
      await control.run(setState(id, 'running', null, ''));
      const run = await deps.runs.start('profile.import', id, actor, async (handle) => {
        try {
          return await work(record, handle);
        } catch (error) {
          const message =
            error instanceof AppError ? error.details.message : 'The import stopped; resume it.';
          logger.warn(
            { import: id, error: error instanceof Error ? error.name : 'unknown' },
            'an import failed',
          );
          await control.run(setState(id, 'failed', new Date(clock.now_ms()).toISOString(), message));
          throw error;
        } finally {
          active.delete(id);
        }
      });
      return { id, run_id: run.id };
    } catch (error) {
      active.delete(id);
      throw error;
    }
  }

  const viewOf = ({ plan, file: _f, problems_kept: _k, ...record }: ImportRecord): ImportView => {
    const isCut = record.state === 'running' && !active.has(record.id);
    return {
      ...record,
      kind: ImportPlan.parse(JSON.parse(plan)).kind,
      state: isCut ? 'failed' : record.state,
      error: isCut ? 'The program stopped in between: resume it.' : record.error,
      undo: `Its events have the source \`import\` and message ids that begin with import:${record.id}: (row: for transactions with an id of their own). Newer statements win over older ones: import the former values again, and undo wrong merges on the profile.`,
    };
  };

  return {
    async preview(ask) {
      const { read, header } = await firstRows(ask);
      const rows = read.filter((row): row is ImportRow => !isProblem(row));
      const columns = [...new Set([...header, ...rows.flatMap((row) => Object.keys(row.cells))])];
      const samples = rows.map((row) => row.cells);
      const mapping =
        ask.mapping ?? suggestMapping(columns, samples.slice(0, 100), ask.kind, identifiers.types());
      const plan = ImportPlan.parse({
        kind: ask.kind,
        format: ask.format,
        mapping,
        day_first: ask.day_first,
        ...(ask.event === undefined ? {} : { event: ask.event }),
      });
      checkTargets(plan, identifiers);
      const context: RowContext = { import_id: 'preview', plan, now_ms: clock.now_ms(), identifiers };
      const mapped = rows.map((row) => ({ row, result: mapRow(row, context) }));
      const problems = [
        ...(read.length === 0 ? [EMPTY_FILE] : []),
        ...read.filter(isProblem),
        ...mapped.flatMap(({ result }) => ('problems' in result ? result.problems : [])),
      ];
      return {
        columns,
        mapping,
        rows: mapped.slice(0, SHOWN_ROWS).map(({ row, result }) => ({
          row: row.row,
          cells: { ...row.cells },
          event: 'events' in result ? result.events[0] : null,
        })),
        examined: read.length,
        accepted: mapped.filter(({ result }) => 'events' in result).length,
        problems: boundProblems(
          problems.sort((a, b) => a.row - b.row),
          PREVIEW_PROBLEMS,
        ).listed.slice(),
      };
    },
    upload: ({ file, text, offset }) => files.add(file, text, offset),
    async start({ name, plan, ...source }, actor) {
      chunksOf(source);
      checkPlan(plan, identifiers);
      const id = newId('imp');
      const file = source.text === undefined ? (source.file ?? '') : await files.keep(id, source.text);
      await files.size(file);
      const record: ImportRecord = {
        id,
        name,
        plan: JSON.stringify(plan),
        file,
        state: 'running',
        rows: 0,
        accepted: 0,
        rejected: 0,
        problems_kept: 0,
        problems_left_out: 0,
        progress: 0,
        created_at: new Date(clock.now_ms()).toISOString(),
        created_by: actor.name,
        ended_at: null,
        error: '',
      };
      await control.run(insertImport(record));
      return begin(record, actor);
    },
    async resume(id, actor) {
      const record = await recordOf(id);
      if (active.has(id)) throw new AppError('conflict', { message: 'The import is running.', field: 'id' });
      if (record.state === 'done')
        throw new AppError('conflict', { message: 'The import is done.', field: 'id' });
      return begin(record, actor);
    },
    list: async (limit) => (await control.all<ImportRecord>(newestImports(limit))).map(viewOf),
    async show(id) {
      const record = await recordOf(id);
      const problems = await control.all<RowProblem>(rejectsAfter(id, 0, PROBLEMS_SHOWN));
      return { ...viewOf(record), plan: ImportPlan.parse(JSON.parse(record.plan)), problems };
    },
    async rejects(id, after) {
      await recordOf(id);
      const found = await control.all<RowProblem>(rejectsAfter(id, after, REJECTS_PAGE));
      const isFull = found.length === REJECTS_PAGE;
      // A row stays whole: its last reasons may be on the next page.
      const last = found.at(-1)?.row ?? after;
      const page = isFull ? found.filter((one) => one.row < last) : found;
      return {
        csv: csvOf(page),
        rows: new Set(page.map((one) => one.row)).size,
        next: isFull ? (page.at(-1)?.row ?? last) : null,
      };
    },
  };
}
