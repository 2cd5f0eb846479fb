import { createContext, useContext } from 'react';
import type { Catalogue, KnownEvent, KnownField, Predicate } from '../api/segment-rules.ts';

export interface BuilderContext {
  readonly predicates: readonly Predicate[];
  readonly catalogue: Catalogue;
}

const Context = createContext<BuilderContext>({
  predicates: [],
  catalogue: { events: [], traits: [], segments: [] },
});

export const BuilderProvider = Context.Provider;

export function useBuilder(): BuilderContext {
  return useContext(Context);
}

/** Fields of an event; of all events of the kind when it has no name. */
export function fieldsOf(
  events: readonly KnownEvent[],
  event: unknown,
  type: unknown,
): readonly KnownField[] {
  const kind = typeof type === 'string' ? type : 'track';
  const fitting = events.filter(
    (each) => (kind === 'any' || each.type === kind) && (event === undefined || each.event === event),
  );
  const by_name = new Map(fitting.flatMap((each) => each.fields).map((field) => [field.name, field]));
  return [...by_name.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** What is wrong inside a part: by path in it, as `where[0].value`; '' is the part itself. */
export type Errors = ReadonlyMap<string, string>;

/** Errors below a step: `where[0].value` seen from `where[0]` is `value`. */
export function errorsBelow(errors: Errors, step: string): Errors {
  const below = new Map<string, string>();
  for (const [path, message] of errors) {
    if (path === step) below.set('', message);
    else if (path.startsWith(`${step}.`)) below.set(path.slice(step.length + 1), message);
    else if (path.startsWith(`${step}[`)) below.set(path.slice(step.length), message);
  }
  return below;
}
