import { ERRORS } from '../kernel/errors.ts';

/** docs/reference/errors.md, made from the one table of refusals; a test holds the file equal to it. */
export function errorsPage(): string {
  const rows = Object.entries(ERRORS)
    .sort(([a, x], [b, y]) => x.status - y.status || (a < b ? -1 : 1))
    .map(([code, { status, help }]) => [
      `\`${code}\``,
      String(status),
      help.replaceAll('__proto__', '`__proto__`'),
    ]);
  return `# Errors

Every refusal is JSON:

\`\`\`json
{
  "error": {
    "code": "invalid_input",
    "message": "Not accepted: limit.",
    "field": "limit",
    "issues": [{ "field": "limit", "message": "Too big: expected number to be <=100" }],
    "help": "Correct the fields named in \`details\` and send again.",
    "request_id": "mwro18g0-2"
  }
}
\`\`\`

- \`code\` is stable: decide by it. \`message\` says what happened and \`help\` what to do; both are for people and may change.
- Where they apply, \`details\` are beside them: \`field\` (path of the field), \`rule\` (what was broken), \`limit\`,
  \`retry_after_s\` (also sent as \`Retry-After\`) and \`issues\` (several refusals at once, each with field and message).
- \`request_id\` is also in the header \`x-request-id\` of API answers, and in the log.

${aligned(['code', 'status', 'what to do'], rows)}

A bug in Plumbline answers 500 with the code \`internal_error\`, without its inside; the log has it under the request id.

On the collection routes an event that can be read but breaks a rule is not refused: it is kept in quarantine, and the
answer is 200.
`;
}

/** A Markdown table with padded cells, as the formatter writes it. */
function aligned(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[], fill: string) =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width, fill)).join(' | ')} |`;
  return [line(head, ' '), line([], '-'), ...rows.map((row) => line(row, ' '))].join('\n');
}
