/**
 * The body of a definition as text and back. YAML is read by a library that loads on first use; JSON is YAML too,
 * so one reader serves both. Throws Error with the place of the mistake.
 */
export async function readDefinitionText(text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  const body: unknown = parse(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Error('The text must be one object with a list `events`.');
  }
  // A file written for the command line carries kind, name and body around it; the body alone counts here.
  return 'kind' in body && 'body' in body ? body.body : body;
}

export async function writeDefinitionText(body: unknown, format: 'yaml' | 'json'): Promise<string> {
  if (format === 'json') return `${JSON.stringify(body, null, 2)}\n`;
  const { stringify } = await import('yaml');
  return stringify(body, { lineWidth: 100 });
}

export const STARTER = `description: What our shop sends.
on_violation: quarantine
events:
  - event: Order Completed
    type: track
    version: '1'
    schema:
      type: object
      required: [order_id, total, currency]
      properties:
        order_id: { type: string }
        total: { type: number, minimum: 0 }
        currency: { type: string, pattern: '^[A-Z]{3}$' }
`;
