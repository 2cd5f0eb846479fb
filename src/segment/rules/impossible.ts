/** Parts of a rule that can hold for nobody, whatever people do. */
import { leavesOf, type Rule, type RuleProblem } from './rule.ts';
import { type Duration, durationMs, spanOf, type Window } from './time-window.ts';

interface Absence {
  readonly predicate: string;
  readonly within?: Duration;
  readonly window?: Window;
}

/** What has to be over within the limit must have begun before that, so the limit lies inside the window. */
export const impossibleParts = (rule: Rule): RuleProblem[] =>
  leavesOf(rule).flatMap(({ leaf, place }) => {
    const { predicate, within, window } = leaf as Absence;
    if (predicate !== 'absence' || within === undefined) return [];
    const { length_ms } = spanOf(window);
    if (length_ms === undefined || durationMs(within) < length_ms) return [];
    const message =
      'can hold for nobody: once this time has passed, the event is no longer in the window; make it shorter than the window';
    return [{ field: `${place}.within`, message }];
  });
