import type { ReactNode } from 'react';
import { useDefinition } from '../api/definitions.ts';
import { QueryState } from './query-state.tsx';

interface Props {
  readonly kind: string;
  /** Empty for a new one. */
  readonly name: string;
  /** Gets null for a new one, and for one that is gone. */
  readonly children: (body: unknown) => ReactNode;
}

/** What a form of a definition begins with: its newest version, released or a draft. */
export function NewestDefinition({ kind, name, children }: Props) {
  const definition = useDefinition(kind, name);
  if (name === '') return children(null);
  return <QueryState query={definition}>{(found) => children(found?.body ?? null)}</QueryState>;
}
