import type { ReactNode } from 'react';

interface Props {
  /** Names the table for screen readers. */
  readonly label: string;
  readonly children: ReactNode;
  readonly min_width?: number;
  readonly max_height?: string;
}

/** A table that scrolls inside its own frame, so that a narrow screen never scrolls the page sideways. */
export function ScrollTable({ label, children, min_width = 0, max_height }: Props) {
  return (
    <section
      className="pl-panel pl-scroll"
      aria-label={`${label}, scrollable`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      {...(max_height === undefined ? {} : { style: { maxHeight: max_height, overflowY: 'auto' } })}
    >
      <table
        className={max_height === undefined ? 'pl-table' : 'pl-table pl-table-sticky'}
        aria-label={label}
        style={{ minWidth: min_width }}
      >
        {children}
      </table>
    </section>
  );
}
