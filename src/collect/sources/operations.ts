import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { type Access, defineOperation, type Operation } from '../../kernel/operation.ts';
import type { ActivityQuery } from './activity.service.ts';
import type { Source } from './source.ts';
import {
  nameSchema,
  overlapSchema,
  settingsPatchSchema,
  settingsSchema,
  typeSchema,
} from './source-input.ts';
import type { SourceService } from './sources.service.ts';

const idSchema = z.string().min(1).max(100);

const sourceSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: typeSchema,
  enabled: z.boolean(),
  created_at: z.string(),
  settings: settingsSchema,
  keys: z.array(
    z.object({
      id: z.string(),
      write_key: z.string(),
      created_at: z.string(),
      expires_at: z.string().nullable(),
      revoked_at: z.string().nullable(),
    }),
  ),
  events_24h: z.number().optional(),
  last_event_at: z.string().nullable().optional(),
});
type SourceView = z.infer<typeof sourceSchema>;

const READ: Access = { action: 'read', object: 'sources' };
const WRITE: Access = { action: 'write', object: 'sources' };

const oneSource = z.object({ source: sourceSchema });

/** `activity` says how much each source sent lately. A store that is away leaves the numbers out, not the sources. */
export function sourceOperations(service: SourceService, activity: ActivityQuery): readonly Operation[] {
  const withActivity = async (sources: readonly Source[]): Promise<SourceView[]> => {
    const seen = await activity().catch((error: unknown) => {
      if (error instanceof AppError) return undefined;
      throw error;
    });
    return sources.map((source) =>
      seen === undefined ? view(source) : { ...view(source), ...(seen.get(source.id) ?? SILENT) },
    );
  };
  return [
    defineOperation({
      name: 'sources.list',
      summary: 'Sources with their write keys, settings and recent volume.',
      method: 'GET',
      path: '/api/sources',
      input: z.object({ include_system: z.enum(['true', 'false']).default('false') }),
      output: z.object({ sources: z.array(sourceSchema) }),
      access: READ,
      handle: async ({ include_system }) => ({
        sources: await withActivity(service.list({ include_system: include_system === 'true' })),
      }),
    }),
    defineOperation({
      name: 'sources.get',
      summary: 'One source.',
      method: 'GET',
      path: '/api/sources/{id}',
      input: z.object({ id: idSchema }),
      output: oneSource,
      access: READ,
      handle: async ({ id }) => {
        const [source = view(service.get(id))] = await withActivity([service.get(id)]);
        return { source };
      },
    }),
    defineOperation({
      name: 'sources.create',
      summary: 'Create a source with its first write key.',
      method: 'POST',
      path: '/api/sources',
      input: z.object({ name: nameSchema, type: typeSchema, settings: settingsPatchSchema.optional() }),
      output: oneSource,
      access: WRITE,
      audit: ['name', 'type', 'settings'],
      handle: async (input) => ({ source: view(await service.create(input)) }),
    }),
    defineOperation({
      name: 'sources.update',
      summary: 'Rename a source, enable or disable it, or change some of its settings.',
      method: 'PATCH',
      path: '/api/sources/{id}',
      input: z.object({
        id: idSchema,
        name: nameSchema.optional(),
        enabled: z.boolean().optional(),
        settings: settingsPatchSchema.optional(),
      }),
      output: oneSource,
      access: WRITE,
      audit: ['id', 'name', 'enabled', 'settings'],
      handle: async ({ id, ...change }) => ({ source: view(await service.patch(id, change)) }),
    }),
    defineOperation({
      name: 'sources.rotate-key',
      summary: 'Add a write key; the older ones are accepted for the overlap and then refused.',
      method: 'POST',
      path: '/api/sources/{id}/keys',
      input: z.object({ id: idSchema, overlap_hours: overlapSchema.default(24) }),
      output: oneSource,
      access: WRITE,
      audit: ['id', 'overlap_hours'],
      handle: async ({ id, overlap_hours }) => ({ source: view(await service.rotate(id, overlap_hours)) }),
    }),
    defineOperation({
      name: 'sources.revoke-key',
      summary: 'Refuse a write key from now on.',
      method: 'DELETE',
      path: '/api/sources/{id}/keys/{key_id}',
      input: z.object({ id: idSchema, key_id: idSchema }),
      output: oneSource,
      access: WRITE,
      audit: ['id', 'key_id'],
      handle: async ({ id, key_id }) => ({ source: view(await service.revoke(id, key_id)) }),
    }),
  ];
}

const SILENT = { events_24h: 0, last_event_at: null };

const view = (source: Source): SourceView => ({ ...source, keys: source.keys.map((key) => ({ ...key })) });
