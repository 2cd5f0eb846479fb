import type { ImportFormat } from '../api/imports.ts';
import { lineEndOf } from '../elements/table-text.ts';

/** The text up to its last row that is whole: a CSV cell in quotes may hold line breaks of its own. */
export function wholeRows(text: string, format: ImportFormat): string {
  if (format === 'ndjson') return text.slice(0, text.lastIndexOf('\n') + 1);
  const line_end = lineEndOf(text);
  let quoted = false;
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') quoted = !quoted;
    else if (letter === line_end && !quoted) end = at + 1;
  }
  return text.slice(0, end);
}
