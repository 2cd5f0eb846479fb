import type { ReactNode } from 'react';

export type Tone = 'green' | 'red' | 'amber' | 'blue' | 'grey';

/** A short word with a coloured dot: never colour alone. */
export function Tag({
  tone,
  title,
  children,
}: {
  readonly tone: Tone;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <span className="pl-tag" data-tone={tone} title={title}>
      {children}
    </span>
  );
}
