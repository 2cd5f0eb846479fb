import { z } from 'zod';
import { defineOperation, type Operation } from '../../kernel/operation.ts';
import { BackgroundRun } from '../background-run.ts';
import { advise } from './advise.ts';
import { Advice, Drift, SegmentationRun, SegmentationSummary } from './segmentation-output.ts';
import type { Segmentations } from './segmentations.service.ts';

const READ = { action: 'read', object: 'segments' } as const;
const WRITE = { action: 'write', object: 'segments' } as const;
const name = z.string().min(1).max(100);

export function discoverOperations(segmentations: Segmentations): Operation[] {
  return [
    defineOperation({
      name: 'segmentations.list',
      summary: 'Released segmentations, what their last run found, and whether people drifted away from it',
      method: 'GET',
      path: '/api/segmentations',
      input: z.object({}),
      output: z.object({ segmentations: z.array(SegmentationSummary) }),
      access: READ,
      handle: async () => ({ segmentations: await segmentations.list() }),
    }),
    defineOperation({
      name: 'segmentations.get',
      summary: 'One segmentation with its newest run',
      method: 'GET',
      path: '/api/segmentations/{name}',
      input: z.object({ name }),
      output: z.object({
        segmentation: SegmentationSummary,
        body: z.unknown().describe('the released definition'),
        run: SegmentationRun.nullable(),
      }),
      access: READ,
      handle: async (input) => {
        const { summary, body } = await segmentations.get(input.name);
        const [run] = await segmentations.runs(input.name, 1);
        return { segmentation: summary, body, run: run ?? null };
      },
    }),
    defineOperation({
      name: 'segmentations.run',
      summary: 'Find clusters anew and put people into segments; watch it at /api/runs',
      method: 'POST',
      path: '/api/segmentations/{name}/runs',
      input: z.object({ name }),
      output: z.object({ run: BackgroundRun }),
      access: WRITE,
      audit: ['name'],
      handle: async (input, { actor }) => ({ run: await segmentations.start(input.name, actor, 'manual') }),
    }),
    defineOperation({
      name: 'segmentations.runs',
      summary: 'Runs of a segmentation, newest first',
      method: 'GET',
      path: '/api/segmentations/{name}/runs',
      input: z.object({ name, limit: z.coerce.number().int().min(1).max(100).default(20) }),
      output: z.object({ runs: z.array(SegmentationRun.omit({ picture: true })) }),
      access: READ,
      handle: async (input) => ({
        runs: (await segmentations.runs(input.name, input.limit)).map(({ picture: _, ...run }) => run),
      }),
    }),
    defineOperation({
      name: 'segmentations.get-run',
      summary: 'One run: clusters, what was tried and why it was chosen, and the picture',
      method: 'GET',
      path: '/api/segmentations/{name}/runs/{id}',
      input: z.object({ name, id: z.string().max(100) }),
      output: SegmentationRun,
      access: READ,
      handle: (input) => segmentations.run(input.name, input.id),
    }),
    defineOperation({
      name: 'segmentations.drift',
      summary: 'How far people have drifted from the fit, newest first',
      method: 'GET',
      path: '/api/segmentations/{name}/drift',
      input: z.object({ name }),
      output: z.object({ reports: z.array(Drift) }),
      access: READ,
      handle: async (input) => ({ reports: await segmentations.drift(input.name) }),
    }),
    defineOperation({
      name: 'segmentations.measure-drift',
      summary: 'Measure drift now; it is measured once a day anyway',
      method: 'POST',
      path: '/api/segmentations/{name}/drift',
      input: z.object({ name }),
      output: z.object({ run: BackgroundRun }),
      access: WRITE,
      handle: async (input, { actor }) => ({ run: await segmentations.startDrift(input.name, actor) }),
    }),
    defineOperation({
      name: 'segmentations.rename-cluster',
      summary: 'Give a cluster a title; its segment keeps its name',
      method: 'PUT',
      path: '/api/segmentations/{name}/clusters/{cluster}',
      input: z.object({ name, cluster: z.string().max(100), title: z.string().trim().min(1).max(100) }),
      output: z.object({ cluster: z.string(), title: z.string() }),
      access: WRITE,
      audit: ['name', 'cluster', 'title'],
      handle: async ({ name: segmentation, cluster, title }) => {
        await segmentations.rename(segmentation, cluster, title);
        return { cluster, title };
      },
    }),
    defineOperation({
      name: 'segmentations.advise',
      summary: 'Whether rules or clusters fit what you know and need, with reasons',
      method: 'POST',
      path: '/api/segmentation-advice',
      input: z.object({
        people: z.number().int().min(0).describe('people that the segments would be made of'),
        features: z.number().int().min(0).describe('features that are filled for most of them'),
        criteria_known: z.boolean().describe('you can say who should be in a segment'),
        must_be_explained: z.boolean().describe('somebody outside must understand why a person is in it'),
        realtime: z.boolean().describe('membership must follow an event at once'),
        exploring: z.boolean().describe('you want to learn what kinds of people there are'),
        capacity: z
          .number()
          .int()
          .min(1)
          .describe('segments, each treated in its own way, that the team can run'),
        clusters_stable: z.boolean().nullable().default(null).describe('of a run that was tried'),
      }),
      output: Advice,
      access: READ,
      handle: async (input) => advise(input),
    }),
  ];
}
