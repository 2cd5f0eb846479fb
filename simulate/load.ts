/** Events for benchmarks: cheap to make, about 437 bytes each, every message id new. */
import { createRng } from '../src/kernel/rng.ts';
import { isoOf } from './iso-time.ts';

const TEMPLATES = 512;

export interface Load {
  /** JSON text of `{"batch":[…],"sentAt":…}` with `events` events. */
  batch(events: number): string;
  /** JSON text of one event, as browsers send it. */
  single(): string;
  /** How many events were made. */
  made(): number;
  /** Message id of the `index`th event made, from 0. */
  messageId(index: number): string;
}

export interface LoadOptions {
  /** Different seeds give different message ids: one for each process that sends. */
  readonly seed: number;
  readonly people: number;
  readonly now_ms?: () => number;
}

/** Around what changes: `{"messageId":"` id `","timestamp":"` time `","anonymousId":"` person `…` rest. */
const HEAD = '{"messageId":"';
const TIME = '","timestamp":"';
const PERSON = '","anonymousId":"';

export function createLoad({ seed, people, now_ms = Date.now }: LoadOptions): Load {
  const rests = createRests(seed);
  // An odd factor spreads the numbers over eight hexadecimal digits and keeps them apart.
  const heads = Array.from({ length: people }, (_, i) =>
    (Math.imul(i, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0'),
  );
  const prefix = `load-${seed.toString(36)}-`;
  const person_rng = createRng(seed).fork('load/people');
  let made = 0;
  const messageId = (index: number) => prefix + String(index).padStart(12, '0');
  const event = (time: string) => {
    const index = made++;
    const person = heads[person_rng.int(people)];
    return `${HEAD}${messageId(index)}${TIME}${time}${PERSON}${person}${rests[index % TEMPLATES]}`;
  };
  return {
    batch: (events) => {
      const time = isoOf(now_ms());
      let text = `{"batch":[${event(time)}`;
      for (let i = 1; i < events; i++) text += `,${event(time)}`;
      return `${text}],"sentAt":"${time}"}`;
    },
    single: () => event(isoOf(now_ms())),
    made: () => made,
    messageId,
  };
}

/** What follows the first eight digits of the anonymous id, for each template: event and page differ. */
function createRests(seed: number): string[] {
  const rng = createRng(seed).fork('load/templates');
  return Array.from({ length: TEMPLATES }, (_, i) => {
    const product = 1000 + rng.int(240);
    const price = (290 + rng.int(9000)) / 100;
    const body = {
      type: 'track',
      event: i % 3 === 0 ? 'Product Added' : 'Product Viewed',
      properties: {
        product_id: `p-${product}`,
        name: 'Everyday Filter Roast',
        category: 'Coffee',
        price,
        currency: 'EUR',
        quantity: 1,
      },
      context: {
        library: { name: 'analytics.js', version: 'next-1.84.3' },
        page: { path: `/p/p-${product}`, url: `https://shop.example/p/p-${product}` },
      },
    };
    return `-5f0e-4c1d-9a3b-7d2e6c4b8a10",${JSON.stringify(body).slice(1)}`;
  });
}
