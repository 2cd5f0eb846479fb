import type { DefinitionKind } from '../../kernel/stage.ts';
import { compilePlan } from './compile-plan.ts';

export const TRACKING_PLAN = 'tracking-plan';

/** What the definitions of tracking plans must be: see README.md of this folder for the shape. */
export const trackingPlanKind: DefinitionKind = {
  kind: TRACKING_PLAN,
  summary:
    'Which events a source sends and which fields they have, as JSON Schema for each event and version.',
  check: (body, name) => {
    const result = compilePlan(body, name);
    return result.is === 'refused' ? result.problems : [];
  },
};
