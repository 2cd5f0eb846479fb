/** What is kept of a JSON text that JavaScript wrote, for tests: whole numbers beyond 64 bits become text. */
export const keptOf = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) => {
    const is_long = typeof value === 'number' && (value >= 2 ** 64 || value <= -(2 ** 63));
    return is_long && Math.abs(value) < 1e21 ? String(value) : value;
  });
