/**
 * The body of a definition as text and back. YAML is read by a library that loads on first use; JSON is YAML too,
 * so one reader serves both. Throws Error with the place of the mistake.
 */
export async function readDefinitionText(text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  const body: unknown = parse(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Error('The text must be one object, as `name: value` lines.');
  }
  // A file written for the command line carries kind, name and body around it; the body alone counts here.
  return 'kind' in body && 'body' in body ? body.body : body;
}

export async function writeDefinitionText(body: unknown, format: 'yaml' | 'json'): Promise<string> {
  if (format === 'json') return `${JSON.stringify(body, null, 2)}\n`;
  const { stringify } = await import('yaml');
  return stringify(body, { lineWidth: 100 });
}
