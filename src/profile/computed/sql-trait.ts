/** SQL that a person wrote: what may run. First by its text, then by the engine's own parse tree. */

/** Holes of a SQL trait, filled with expressions of ours. */
const HOLE = /\{(\w+)\}/g;
const HOLES = new Set(['person', 'events']);

/** What is wrong with the text; undefined when it may be given to the parser. */
export function sqlProblem(text: string): string | undefined {
  const bare = withoutTexts(text);
  if (bare === undefined) return 'A quote or a comment is never closed.';
  if (bare.includes(';')) return 'Write one statement, without a semicolon.';
  if (/--|\/\*|#/.test(bare)) return 'Leave out comments.';
  if (!isBalanced(bare)) return 'A parenthesis is not closed, or closed too often.';
  if (!/^\s*(select|with)\b/i.test(bare)) return 'Begin with SELECT or WITH.';
  const holes = [...bare.matchAll(HOLE)].map(([, name]) => name ?? '');
  const unknown = holes.find((name) => !HOLES.has(name));
  if (unknown !== undefined) return `{${unknown}} is not known: there are {person} and {events}.`;
  if (!holes.includes('person') || !holes.includes('events'))
    return 'Read FROM {events} and group by {person}, as in SELECT {person} AS person, count() AS value FROM {events} GROUP BY person.';
  return undefined;
}

function isBalanced(bare: string): boolean {
  let depth = 0;
  for (const character of bare) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** Without what stands in quotes; undefined when a quote is never closed. */
function withoutTexts(text: string): string | undefined {
  let bare = '';
  for (let at = 0; at < text.length; at++) {
    const quote = text[at] as string;
    if (quote !== "'" && quote !== '"' && quote !== '`') {
      bare += quote;
      continue;
    }
    let end = at + 1;
    while (end < text.length && text[end] !== quote) end += text[end] === '\\' ? 2 : 1;
    if (end >= text.length) return undefined;
    bare += "''";
    at = end;
  }
  return bare;
}

/** Names that the text defines for itself: `WITH name AS (SELECT …)`. */
export const definedNames = (text: string): string[] =>
  [...(withoutTexts(text) ?? '').matchAll(/\b(\w+)\s+AS\s*\(\s*SELECT\b/gi)].map(([, name]) => name ?? '');

/** The pieces between the holes, and the holes' names. Only for a text without a problem. */
export function sqlPieces(text: string): {
  readonly texts: readonly string[];
  readonly holes: readonly string[];
} {
  const parts = text.split(/\{(person|events)\}/);
  return { texts: parts.filter((_, i) => i % 2 === 0), holes: parts.filter((_, i) => i % 2 === 1) };
}

/** Nodes of a parse tree that only read. Everything else is refused. */
const NODES = new Set([
  'SelectWithUnionQuery',
  'SelectIntersectExceptQuery',
  'SelectQuery',
  'ExpressionList',
  'Identifier',
  'Literal',
  'Function',
  'TablesInSelectQuery',
  'TablesInSelectQueryElement',
  'TableExpression',
  'TableIdentifier',
  'TableJoin',
  'ArrayJoin',
  'Subquery',
  'OrderByElement',
  'WithElement',
  'WindowDefinition',
  'WindowListElement',
  'Asterisk',
  'QualifiedAsterisk',
  'InterpolateElement',
]);

/** Functions that reach outside of the query, or only cost time. */
const REFUSED =
  /^(file|url|urlCluster|s3.*|gcs|azure.*|hdfs.*|remote.*|cluster.*|mysql|postgresql|mongodb|redis|sqlite|odbc|jdbc|executable.*|input|merge|mergeTree.*|numbers.*|zeros.*|generate.*|view.*|values|null|loop|dictionary|dict.*|joinGet.*|catboost.*|sleep.*|getSetting.*|getServer.*|getMacro|hostName|hostname|fqdn|currentUser|user|version|uptime|serverUUID|getOSKernelVersion|addressTo.*|demangle|showCertificate|throwIf|evalMLMethod|deltaLake.*|iceberg.*|hudi|python|transactionID|filesystem.*|tcpPort|displayName|initialQuery.*|queryID|queryString)$/i;

/**
 * Why a parse tree (lines of EXPLAIN AST) may not run; undefined when it may. It may read `tables` and the names that
 * it defines itself.
 */
export function treeProblem(lines: readonly string[], tables: ReadonlySet<string>): string | undefined {
  let inTable = -1;
  for (const line of lines) {
    const depth = line.search(/\S/);
    const [, node = '', name = ''] = /^\s*(\w+)\s*([^\s(]*)/.exec(line) ?? [];
    if (!NODES.has(node))
      return node === 'Set' ? 'Leave out SETTINGS.' : `${node} is not allowed in a trait.`;
    if (inTable >= 0 && depth === inTable + 1 && node === 'Function')
      return `Reading from ${name}() is not allowed.`;
    inTable = node === 'TableExpression' ? depth : inTable === depth - 1 ? inTable : -1;
    if (node === 'TableIdentifier' && !tables.has(name))
      return `Read from {events} only: the table ${name.slice(0, 60)} is not allowed.`;
    if (node === 'Function' && REFUSED.test(name)) return `The function ${name}() is not allowed.`;
  }
  return undefined;
}
