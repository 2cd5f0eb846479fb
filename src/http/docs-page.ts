import { ERRORS } from '../kernel/errors.ts';
import type { OpenApi, OpenApiOperation } from './openapi.ts';
import { escapeHtml as e, page } from './page.ts';

/** The API as a page to read: made from the same document as /api/openapi.json, without scripts. */
export function docsPage(api: OpenApi): string {
  const entries = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = [...Map.groupBy(entries, ({ operation }) => operation.tags[0] ?? '')].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const links = groups.map(([tag]) => `<li><a href="#${e(tag)}">${e(tag)}</a></li>`).join('');
  const sections = groups.map(
    ([tag, list]) => `<section><h2 id="${e(tag)}">${e(tag)}</h2>${list.map(entry).join('')}</section>`,
  );
  return page(
    'API',
    `<h1>Plumbline API</h1>
<p>Version ${e(api.info.version)}. Machines read <a href="/api/openapi.json">openapi.json</a>. The command line has
one verb for each operation: <code>sources.list</code> is <code>plumbline sources list</code>.</p>
<pre><code>curl -H "Authorization: Bearer $PLUMBLINE_TOKEN" http://127.0.0.1:4700/api/sources</code></pre>
<nav aria-label="Groups"><ul>${links}<li><a href="#errors">errors</a></li></ul></nav>
${sections.join('\n')}
${errors()}`,
  );
}

function entry({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: OpenApiOperation;
}): string {
  const access = operation['x-access'];
  const needs = access === undefined ? 'open to everybody' : `${access.action} ${access.object}`;
  const body = operation.requestBody?.content['application/json'].schema;
  const answer = (operation.responses['200'] as { content: { 'application/json': { schema: unknown } } })
    .content;
  return `<h3 id="${e(operation.operationId)}"><code>${method.toUpperCase()} ${e(path)}</code></h3>
<p>${e(operation.summary)} <span class="soft">· ${e(operation.operationId)} · ${e(needs)}</span></p>
${parameters(operation)}${body === undefined ? '' : schema('Body', body)}${schema('Answer', answer['application/json'].schema)}`;
}

function parameters({ parameters: list }: OpenApiOperation): string {
  if (list.length === 0) return '';
  const rows = list.map((p) => {
    const { type = 'any', default: preset } = p.schema as { type?: string | string[]; default?: unknown };
    const note = [p.description, preset === undefined ? undefined : `default ${JSON.stringify(preset)}`];
    const cells = [
      `<code>${e(p.name)}</code>`,
      p.in,
      p.required ? 'required' : 'optional',
      e([type].flat().join(' or ')),
    ];
    return `<tr>${[...cells, e(note.filter((n) => n !== undefined).join('; '))].map((c) => `<td>${c}</td>`).join('')}</tr>`;
  });
  const head = ['Name', 'In', 'Needed', 'Type', 'Note'].map((h) => `<th>${h}</th>`).join('');
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

const schema = (title: string, value: unknown): string =>
  `<details><summary>${title}</summary><pre><code>${e(JSON.stringify(value, null, 2))}</code></pre></details>`;

function errors(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, help }]) =>
      `<tr><td><code>${e(code)}</code></td><td>${status}</td><td>${e(help)}</td></tr>`,
  );
  return `<section><h2 id="errors">errors</h2>
<p>Every refusal is <code>{"error": {"code", "message", "help", "request_id", …}}</code>.</p>
<div class="scroll"><table><thead><tr><th>Code</th><th>Status</th><th>What to do</th></tr></thead>
<tbody>${rows.join('')}</tbody></table></div></section>`;
}
