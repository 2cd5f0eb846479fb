/** Why the engine does not answer a question, in words that say nothing of people; its own words quote values. */
import { statementProblem } from '../../stores/warehouse/port.ts';

const IN_WORDS: Readonly<Record<number, string>> = {
  62: 'it is longer than one query may be: name fewer segments, or upload long lists as a trait',
  167: 'it is nested deeper than the warehouse can read: make parts of it segments of their own',
  168: 'it is larger than one query may be: make it of fewer parts',
  241: 'it needs more memory than one query may have: ask for shorter windows, or for fewer sequences',
  306: 'it is nested deeper than the warehouse can read: make parts of it segments of their own',
  427: 'the warehouse cannot read one of its patterns: write the pattern in another way',
};

/** Undefined when the question is not to blame: then it may work the next time. */
export function engineProblem(error: unknown): string | undefined {
  const code = statementProblem(error);
  if (code === undefined) return undefined;
  return IN_WORDS[code] ?? `the warehouse cannot answer it (its error ${code})`;
}

/** One rule that the engine cannot answer must not keep the others from their answers: undefined when it could. */
export async function problemOf(answer: Promise<unknown>): Promise<string | undefined> {
  try {
    await answer;
    return undefined;
  } catch (error) {
    const problem = engineProblem(error);
    if (problem === undefined) throw error;
    return problem;
  }
}
