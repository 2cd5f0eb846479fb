import { z } from 'zod';
import { defineOperation, type Operation } from '../../kernel/operation.ts';
import type { ImportService } from './import.service.ts';
import { Import, Problem } from './import-schema.ts';
import { IMPORT_KINDS, ImportMapping, ImportPlan } from './mapping.ts';

const Run = z.object({ id: z.string(), run_id: z.string() });

const source = {
  /** The table itself, up to 8 MiB a request. */
  text: z
    .string()
    .max(8 * 1_048_576)
    .optional(),
  /** Or a file that was sent before, or that lies in the server's import folder. */
  file: z.string().max(200).optional(),
};

export function importOperations(imports: ImportService): Operation[] {
  const read = { action: 'read', object: 'imports' } as const;
  const write = { action: 'write', object: 'imports' } as const;
  return [
    defineOperation({
      name: 'imports.preview',
      summary:
        'Dry run: the first rows as they would be taken, problems, and a mapping that suits the columns.',
      method: 'POST',
      path: '/api/imports/preview',
      input: z.object({
        ...source,
        format: z.enum(['csv', 'ndjson']).default('csv'),
        kind: z.enum(IMPORT_KINDS).default('people'),
        mapping: ImportMapping.optional(),
        event: z.string().min(1).max(200).optional(),
        day_first: z.boolean().default(false),
      }),
      output: z.object({
        columns: z.array(z.string()),
        mapping: ImportMapping,
        /** The first rows: cells by column, and the event that they become; null when refused. */
        rows: z.array(
          z.object({ row: z.number(), cells: z.record(z.string(), z.unknown()), event: z.unknown() }),
        ),
        examined: z.number(),
        accepted: z.number(),
        problems: z.array(Problem),
      }),
      access: write,
      audit: ['kind', 'format'],
      handle: (ask) => imports.preview(ask),
    }),
    defineOperation({
      name: 'imports.upload',
      summary: 'Sends a file in pieces: the next piece starts at `offset`, which the answer names.',
      method: 'POST',
      path: '/api/imports/files',
      input: z.object({
        file: z.string().max(200),
        text: z.string().max(8 * 1_048_576),
        /** Bytes that are there already; 0 begins anew. */
        offset: z.number().int().min(0).default(0),
      }),
      output: z.object({ file: z.string(), bytes: z.number() }),
      access: write,
      audit: ['offset'],
      handle: (piece) => imports.upload(piece),
    }),
    defineOperation({
      name: 'imports.start',
      summary: 'Imports people, transactions or a match table. Every row that is taken becomes an event.',
      method: 'POST',
      path: '/api/imports',
      input: z.object({ name: z.string().min(1).max(120), plan: ImportPlan, ...source }),
      output: Run,
      access: write,
      audit: ['name'],
      handle: (ask, { actor }) => imports.start(ask, actor),
    }),
    defineOperation({
      name: 'imports.resume',
      summary:
        'Goes on with an import that a stop or a failure cut off, from the row after the last one taken.',
      method: 'POST',
      path: '/api/imports/{id}/resume',
      input: z.object({ id: z.string().max(60) }),
      output: Run,
      access: write,
      audit: ['id'],
      handle: ({ id }, { actor }) => imports.resume(id, actor),
    }),
    defineOperation({
      name: 'imports.list',
      summary: 'Imports, the newest first.',
      method: 'GET',
      path: '/api/imports',
      input: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
      output: z.object({ imports: z.array(Import) }),
      access: read,
      handle: async ({ limit }) => ({ imports: await imports.list(limit) }),
    }),
    defineOperation({
      name: 'imports.show',
      summary: 'One import: rows, progress, and its first problems.',
      method: 'GET',
      path: '/api/imports/{id}',
      input: z.object({ id: z.string().max(60) }),
      output: Import.extend({ plan: ImportPlan, problems: z.array(Problem) }),
      access: read,
      handle: ({ id }) => imports.show(id),
    }),
    defineOperation({
      name: 'imports.rejects',
      summary: 'The reject file as CSV: row, column, rule, message and type of value, never the value.',
      method: 'GET',
      path: '/api/imports/{id}/rejects',
      input: z.object({ id: z.string().max(60), after: z.coerce.number().int().min(0).default(0) }),
      output: z.object({ csv: z.string(), rows: z.number(), next: z.number().nullable() }),
      access: read,
      handle: ({ id, after }) => imports.rejects(id, after),
    }),
  ];
}
