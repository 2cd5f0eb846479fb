import { namesIn } from './sensitive-names.ts';

/** Names of fields that decide who is in a segment: its own, and those of segments that it asks for. */
export interface AskedFields {
  readonly own: readonly string[];
  readonly through: readonly { readonly segment: string; readonly fields: readonly string[] }[];
}

/** `bodyOf`: the body of a released segment, or of the segmentation before the slash; undefined when there is none. */
export function askedFields(body: unknown, bodyOf: (segment: string) => unknown): AskedFields {
  const seen = new Set<string>();
  const follow = (inner: unknown): void => {
    for (const segment of segmentsIn(inner)) {
      if (seen.has(segment)) continue;
      seen.add(segment);
      follow(bodyOf(segment));
    }
  };
  follow(body);
  const through = [...seen].map((segment) => ({ segment, fields: namesIn(bodyOf(segment)) }));
  return { own: namesIn(body), through };
}

function segmentsIn(body: unknown): string[] {
  if (Array.isArray(body)) return body.flatMap(segmentsIn);
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([key, value]) =>
    key === 'segment' && typeof value === 'string' ? [value] : segmentsIn(value),
  );
}
