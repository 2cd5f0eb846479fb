import type { z } from 'zod';
import type { OverlapMatrix } from './validation-output.ts';

export interface SharedPeople {
  readonly a: number;
  readonly b: number;
  readonly people: number;
}

/** From people of each two segments (by their place in the list, of a segment with itself its size) to sizes and pairs. */
export function overlapMatrix(
  segments: readonly string[],
  shared_people: readonly SharedPeople[],
): z.infer<typeof OverlapMatrix> {
  const both = segments.map(() => segments.map(() => 0));
  for (const { a, b, people } of shared_people) (both[a] as number[])[b] = people;
  const sizes = segments.map((_, i) => both[i]?.[i] ?? 0);
  const pairs = segments.flatMap((a, i) =>
    segments.slice(i + 1).map((b, more) => {
      const j = i + 1 + more;
      const shared = both[i]?.[j] ?? 0;
      const [in_a, in_b] = [sizes[i] ?? 0, sizes[j] ?? 0];
      const either = in_a + in_b - shared;
      const of = (size: number) => (size === 0 ? 0 : shared / size);
      const pair = {
        a,
        b,
        both: shared,
        jaccard: either === 0 ? 0 : shared / either,
        share_of_a: of(in_a),
        share_of_b: of(in_b),
      };
      return { ...pair, words: wordsOf(pair) };
    }),
  );
  return { segments: segments.map((segment, i) => ({ segment, people: sizes[i] ?? 0 })), pairs };
}

function wordsOf({
  a,
  b,
  both,
  jaccard,
  share_of_a,
  share_of_b,
}: {
  a: string;
  b: string;
  both: number;
  jaccard: number;
  share_of_a: number;
  share_of_b: number;
}): string {
  if (both === 0) return 'nobody is in both';
  if (jaccard >= 0.9) return 'nearly the same people: one of them is enough';
  if (share_of_a >= 0.95) return `\`${a}\` lies inside \`${b}\``;
  if (share_of_b >= 0.95) return `\`${b}\` lies inside \`${a}\``;
  const percent = Math.round(100 * Math.max(share_of_a, share_of_b));
  return `${percent} % of \`${share_of_a >= share_of_b ? a : b}\` are in the other one too`;
}
