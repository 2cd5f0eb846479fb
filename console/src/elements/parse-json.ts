/** Some fields travel as JSON text. Gives the value; text that is not JSON stays text, empty text is null. */
export function parseJson(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? null;
  if (value === '') return null;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** True for null, {} and []. */
export function isEmptyJson(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
