import { absence } from './absence.ts';
import { aggregate } from './aggregate.ts';
import { consent } from './consent.ts';
import { count } from './count.ts';
import { device } from './device.ts';
import { firstLast } from './first-last.ts';
import { geography } from './geography.ts';
import { group } from './group.ts';
import type { Predicate } from './predicate.ts';
import { score } from './score.ts';
import { segment } from './segment.ts';
import { sequence } from './sequence.ts';
import { session } from './session.ts';
import { trait } from './trait.ts';

/** Everything that a rule can ask. A new predicate is a file and a line here. */
export const PREDICATES: readonly Predicate[] = [
  trait,
  count,
  aggregate,
  sequence,
  absence,
  firstLast,
  session,
  score,
  group,
  geography,
  device,
  consent,
  segment,
];

const BY_NAME = new Map(PREDICATES.map((predicate) => [predicate.name, predicate]));
export const predicateOf = (name: string): Predicate | undefined => BY_NAME.get(name);
