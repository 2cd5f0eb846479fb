/** How a table in text is written; the server reads it by the same signs. */
const withoutQuoted = (text: string): string =>
  text.replaceAll(/(^|[,;\t\r\n])"[^"]*(?:""[^"]*)*(?:"|$)/g, '$1');

/** Comma, semicolon or tab: the one that stands most in the first line, outside of quotes. */
export function separatorOf(text: string): string {
  const line = withoutQuoted(text).split(/[\n\r]/, 1)[0] ?? '';
  const counts = [',', ';', '\t'].map((mark) => [line.split(mark).length, mark] as const);
  return counts.sort((a, b) => b[0] - a[0])[0]?.[1] ?? ',';
}

/** Programs of old end lines with CR alone. */
export const lineEndOf = (text: string): '\r' | '\n' =>
  /^[^\n]*?\r(?!\n)[^\n]/.test(withoutQuoted(text)) ? '\r' : '\n';
