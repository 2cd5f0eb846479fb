/**
 * The order of the data's path. A stage may import the contracts of stages before it, never after it; the import
 * rules in dependency-cruiser.config.mjs are made from this list.
 */
export const PATH = [
  'collect',
  'resolve',
  'profile',
  'segment',
  'predict',
  'decide',
  'deliver',
  'measure',
  'plan',
] as const;
