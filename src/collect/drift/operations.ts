import { z } from 'zod';
import { type Shown, shownTo } from '../../kernel/contacts.ts';
import { defineOperation, type Operation } from '../../kernel/operation.ts';
import type { SourceDirectory } from '../sources/source.ts';
import type { DriftFinding, DriftService } from './drift.service.ts';
import { DRIFT_KINDS } from './judge-drift.ts';
import { CONFIDENCE } from './wilson-interval.ts';

const interval = z.tuple([z.number(), z.number()]);

const findingSchema = z.object({
  kind: z.enum(DRIFT_KINDS),
  source_id: z.string(),
  source_name: z.string(),
  type: z.string(),
  event: z.string(),
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  share_before: z.number(),
  share_after: z.number(),
  interval_before: interval,
  interval_after: interval,
  count: z.number(),
  samples: z.array(z.unknown()),
});

const spanSchema = z.object({ from: z.string(), to: z.string(), events: z.number(), examined: z.number() });

export function driftOperations(
  service: DriftService,
  sources: SourceDirectory,
  hidden_traits: () => ReadonlySet<string>,
): readonly Operation[] {
  return [
    defineOperation({
      name: 'drift.report',
      summary:
        'How events differ from the days before: new and vanished events and fields, changed types, more empty values.',
      method: 'GET',
      path: '/api/drift',
      input: z.object({
        source: z.string().max(100).optional(),
        baseline_days: z.coerce.number().int().min(1).max(90).default(7),
        window_hours: z.coerce.number().int().min(1).max(720).default(24),
      }),
      output: z.object({
        findings: z.array(findingSchema),
        compared: z.object({
          baseline: spanSchema,
          window: spanSchema,
          events_judged: z.number(),
          events_with_too_few: z.number(),
          confidence: z.number(),
        }),
      }),
      access: { action: 'read', object: 'drift' },
      handle: async (question, { actor }) => {
        const shown = shownTo(actor, hidden_traits());
        const { findings, compared } = await service.report(question);
        return {
          findings: findings.map((finding) => view(finding, sources, shown)),
          compared: { ...compared, confidence: CONFIDENCE },
        };
      },
    }),
  ];
}

function view(
  { share_before, share_after, samples, ...finding }: DriftFinding,
  sources: SourceDirectory,
  shown: Shown,
): z.input<typeof findingSchema> {
  return {
    ...finding,
    source_name: sources.byId(finding.source_id)?.name ?? finding.source_id,
    share_before: share_before.share,
    share_after: share_after.share,
    interval_before: [share_before.low, share_before.high],
    interval_after: [share_after.low, share_after.high],
    samples: samples.map((text) => shown.at(finding.path, sampleValue(text))),
  };
}

/** A value cut short is no longer JSON: it is shown as text that ends in an ellipsis. */
function sampleValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return `${text}…`;
  }
}
