/** What a site would send, over plain HTTP. */
export async function sendEvents(url: string, write_key: string, batch: readonly object[]): Promise<void> {
  const response = await fetch(new URL('/v1/batch', url), {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${write_key}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ batch, sentAt: new Date().toISOString() }),
  });
  if (!response.ok) throw new Error(`batch refused: ${response.status} ${await response.text()}`);
}

export function productViewed(person: string, price: unknown): object {
  return {
    type: 'track',
    event: 'Product Viewed',
    userId: person,
    messageId: crypto.randomUUID(),
    properties: { product_id: 'p-1', name: 'Lamp', price, currency: 'EUR' },
  };
}
