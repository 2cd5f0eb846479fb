import { useQuery } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';
import type { SizeEstimate } from './segments.ts';

/** The part of JSON Schema that forms are made from. */
export interface FieldSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly items?: FieldSchema | false;
  readonly anyOf?: readonly FieldSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface Predicate {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly schema: FieldSchema;
}

export interface KnownField {
  readonly name: string;
  /** JSON types of its values. */
  readonly types: readonly string[];
  readonly examples: readonly unknown[];
}

export interface KnownEvent {
  readonly event: string;
  readonly type: string;
  readonly seen_30d: number;
  readonly fields: readonly KnownField[];
}

/** What there is to ask about. */
export interface Catalogue {
  readonly events: readonly KnownEvent[];
  readonly traits: readonly (KnownField & { readonly people: number })[];
  readonly segments: readonly { readonly name: string; readonly label: string }[];
}

export interface RuleProblem {
  /** `rule.all[1].where[0].value`. */
  readonly field: string;
  readonly message: string;
}

export interface RulePreview {
  readonly people: SizeEstimate;
  readonly of: number;
  /** Part of the people that was looked at, 0 to 1. */
  readonly looked_at: number;
  readonly trend: readonly ({ readonly at: string } & SizeEstimate)[];
  readonly overlap: readonly {
    readonly segment: string;
    readonly label: string;
    readonly people: number;
    readonly both: SizeEstimate;
    /** Of the people of the rule, 0 to 1. */
    readonly share: number | null;
  }[];
  readonly sample: readonly { readonly person: string; readonly identifiers: readonly string[] }[];
  readonly took_ms: number;
  readonly notes: readonly string[];
}

export function usePredicates() {
  return useQuery({
    queryKey: ['segment-rules', 'predicates'],
    queryFn: ({ signal }) =>
      getJson<{ predicates: readonly Predicate[] }>('/api/segment-rules/predicates', {}, signal),
    select: (answer) => answer.predicates,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useCatalogue() {
  return useQuery({
    queryKey: ['segment-rules', 'fields'],
    queryFn: ({ signal }) => getJson<Catalogue>('/api/segment-rules/fields', {}, signal),
    select: withJsonTypes,
    staleTime: 60_000,
  });
}

/** Every segment there is, of a rule or discovered, with what people call it. */
export function useKnownSegments(): readonly { readonly name: string; readonly label: string }[] {
  return useCatalogue().data?.segments ?? [];
}

/** What a segment is called; its name while that is not known. */
export function useSegmentLabels(): (name: string) => string {
  const labels = new Map(useKnownSegments().map(({ name, label }) => [name, label]));
  return (name) => labels.get(name) ?? name;
}

export function useRuleCheck(name: string, body: unknown) {
  return useQuery({
    queryKey: ['segment-rules', 'check', name, body],
    queryFn: () =>
      sendJson<{ problems: readonly RuleProblem[] }>('POST', '/api/segment-rules/check', { name, body }),
    select: (answer) => answer.problems.map(inPlainWords),
    placeholderData: (before) => before,
    staleTime: 30_000,
  });
}

/** Types of event fields are named as the warehouse does: `text` is JSON's string. */
function withJsonTypes(catalogue: Catalogue): Catalogue {
  const events = catalogue.events.map((event) => ({
    ...event,
    fields: event.fields.map((field) => ({
      ...field,
      types: field.types.map((type) => (type === 'text' ? 'string' : type)),
    })),
  }));
  return { ...catalogue, events };
}

/** What a schema says of a field that is still empty, as a person would. */
function inPlainWords({ field, message }: RuleProblem): RuleProblem {
  return /^(is missing|must not be empty)/.test(message)
    ? { field, message: 'Fill this in.' }
    : { field, message };
}

export interface PreviewAsk {
  readonly rule: unknown;
  readonly exclude_bots: boolean;
  readonly trend_days: number;
  readonly sample: number;
}

/** Old numbers stay while the next are counted; undefined asks nothing. */
export function useRulePreview(ask: PreviewAsk | undefined) {
  return useQuery({
    queryKey: ['segment-rules', 'preview', ask],
    queryFn: () => sendJson<RulePreview>('POST', '/api/segment-rules/preview', ask),
    enabled: ask !== undefined,
    placeholderData: (before) => before,
    staleTime: 30_000,
    retry: false,
  });
}
