/** Rules or clusters (capability S2): which way to divide people fits what a team knows and needs. */
import type { z } from 'zod';
import type { Advice } from './segmentation-output.ts';

export interface Situation {
  readonly people: number;
  /** Features that are filled for most people. */
  readonly features: number;
  /** The team can say who should be in a segment, as in `bought twice`. */
  readonly criteria_known: boolean;
  /** Somebody outside the team must understand why a person is in it: law, service desk, partner. */
  readonly must_be_explained: boolean;
  /** Membership must follow an event at once. */
  readonly realtime: boolean;
  /** What the segments are for is not decided: they should show what kinds of people there are. */
  readonly exploring: boolean;
  /** Segments, each with its own treatment, that the team can run. */
  readonly capacity: number;
  /** Of a run that was tried: whether its clusters survive resampling; null when none was tried. */
  readonly clusters_stable: boolean | null;
}

const FEW_PEOPLE = 300;
const FEW_FEATURES = 2;

export function advise(s: Situation): z.infer<typeof Advice> {
  const reasons: z.infer<typeof Advice>['reasons'] = [];
  const say = (speaks_for: 'rules' | 'clusters' | 'wait', reason: string) =>
    reasons.push({ speaks_for, reason });
  if (s.people < FEW_PEOPLE)
    say(
      'wait',
      `With ${s.people} people clusters are chance; from about ${FEW_PEOPLE} on they can be tested.`,
    );
  if (s.features < FEW_FEATURES)
    say(
      'wait',
      'With fewer than two filled features there is nothing to find that a cut on one of them does not show.',
    );
  if (s.criteria_known)
    say('rules', 'You can already say who belongs: a rule says exactly that, and stays what it is.');
  if (s.must_be_explained) say('rules', 'A rule is its own explanation; a cluster can only be described.');
  if (s.realtime)
    say('rules', 'A rule follows an event at once; clusters are assigned when they are refitted.');
  if (s.exploring)
    say(
      'clusters',
      'You want to learn what kinds of people there are: clusters are looked for without deciding first.',
    );
  if (!s.criteria_known)
    say(
      'clusters',
      'Nobody can name the criteria yet: let the behaviour suggest them, then write them down.',
    );
  if (s.features >= 6)
    say('clusters', `Rules over ${s.features} features multiply; clusters weigh them together.`);
  if (s.capacity < 2) say('rules', 'With one treatment to give, one rule for who gets it is enough.');
  if (s.clusters_stable === false)
    say('rules', 'The clusters that were tried do not survive resampling: they are not groups that exist.');
  if (s.clusters_stable === true) say('clusters', 'The clusters that were tried survive resampling.');
  const count = (side: string) => reasons.filter((r) => r.speaks_for === side).length;
  const must_be_rules = s.must_be_explained || s.realtime;
  if (count('wait') > 0 && !s.criteria_known) return { advice: 'wait', reasons };
  if (count('wait') > 0 || s.clusters_stable === false) return { advice: 'rules', reasons };
  // What must be a rule can still be found by clusters first.
  if (must_be_rules && count('clusters') > 0)
    return { advice: s.criteria_known && !s.exploring ? 'rules' : 'both', reasons };
  if (count('rules') === count('clusters')) return { advice: 'both', reasons };
  return { advice: count('rules') > count('clusters') ? 'rules' : 'clusters', reasons };
}
