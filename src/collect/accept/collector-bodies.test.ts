import { describe, expect, test } from 'vitest';
import { collectorPerTest, KEY, refusalOf, requestOf, sourceOf, trackItem } from './fixture-collector.ts';

const start = collectorPerTest();

describe('what is not a request at all is refused, and nothing of it stored', () => {
  const items = (n: number) => Array.from({ length: n }, (_, i) => trackItem({ messageId: `m${i}` }));
  test.each([
    ['broken JSON', '{"batch":[', 'invalid_json', undefined],
    ['an empty body', '', 'invalid_json', undefined],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'invalid_utf8', undefined],
    ['an array', '[]', 'invalid_body', undefined],
    ['no batch', {}, 'invalid_body', 'batch'],
    ['a batch that is not an array', { batch: {} }, 'invalid_body', 'batch'],
    ['an empty batch', { batch: [] }, 'empty_batch', 'batch'],
    ['more than 2,500 events', { batch: items(2_501) }, 'batch_too_long', 'batch'],
    ['a context that is not an object', { batch: items(1), context: 'x' }, 'invalid_body', 'context'],
    ['deep nesting', `{"batch":[${'['.repeat(70)}${']'.repeat(70)}]}`, 'too_deep', undefined],
    ['a prototype key', '{"batch":[{"__proto__":{"a":1}}]}', 'forbidden_key', 'batch[0].__proto__'],
    [
      'more than 4,000 KiB',
      { batch: [trackItem({ properties: { a: 'x'.repeat(4_096_000) } })] },
      'body_too_large',
      undefined,
    ],
    [
      'an event too large even for quarantine',
      { batch: [trackItem(), trackItem({ properties: { a: 'x'.repeat(1_100_000) } })] },
      'body_too_large',
      'batch[1]',
    ],
    [
      'a large context repeated on many events',
      { batch: items(2_500), context: { a: 'x'.repeat(100_000) } },
      'body_too_large',
      expect.stringContaining('batch['),
    ],
  ])('%s', async (_name, body, code, field) => {
    const shop = await start();
    const error = await refusalOf(shop, requestOf(body));
    expect([error.code, error.details.field]).toEqual([code, field]);
  });
  test('2,500 events are taken', async () => {
    const shop = await start();
    expect(await shop.collector.accept(requestOf({ batch: items(2_500) }))).toMatchObject({
      accepted: 2_500,
    });
  });
  test('a closed log is refused with log_unavailable', async () => {
    const shop = await start();
    await shop.log.close();
    await expect(shop.collector.accept(requestOf({ batch: [trackItem()] }))).rejects.toMatchObject({
      code: 'log_unavailable',
    });
    expect(shop.facts.at(-1)).toMatchObject({ refused: 'log_unavailable' });
  });
});

describe('size of one event', () => {
  test.each([
    ['40 KB is stored', 'x'.repeat(40_000), 'accepted', ''],
    ['half a megabyte of quotes, which double in the log, is stored', '"'.repeat(250_000), 'accepted', ''],
    ['600 KB is quarantined whole', 'x'.repeat(600_000), 'quarantined', 'event_too_large'],
    ['bytes count, not characters', '猫'.repeat(200_000), 'quarantined', 'event_too_large'],
  ])('%s', async (_name, text, verdict, reason) => {
    const shop = await start();
    await shop.collector.accept(requestOf({ batch: [trackItem({ properties: { text } })] }));
    const [event] = await shop.events();
    expect(event).toMatchObject({ verdict, reason });
    const kept = JSON.parse(verdict === 'accepted' ? (event?.properties ?? '') : (event?.payload ?? '')) as {
      text?: string;
      properties?: { text: string };
    };
    expect(kept.text ?? kept.properties?.text).toBe(text);
  });
});

describe('other formats', () => {
  test('a table, with the lines of what is wrong', async () => {
    const shop = await start();
    const body = 'type,userId,event,properties.price:number\ntrack,u1,Sold,9.5\ntrack,,Sold,1\ntrack,u3\n';
    const answer = await shop.collector.accept(requestOf(body, { format: 'csv' }));
    expect(answer).toMatchObject({ accepted: 1, quarantined: 2 });
    expect(answer.problems.map(({ at, reason }) => [at, reason])).toEqual([
      [3, 'missing_identity'],
      [4, 'invalid_item'],
    ]);
    const events = await shop.events();
    expect(events[0]?.properties).toBe('{"price":9.5}');
    expect(events[2]?.payload).toBe('["track","u3"]');
  });
  test('lines of JSON; a line that is not JSON is kept as text', async () => {
    const shop = await start();
    const answer = await shop.collector.accept(
      requestOf(`${JSON.stringify(trackItem())}\n\n{oops\n`, { format: 'ndjson' }),
    );
    expect(answer).toMatchObject({
      accepted: 1,
      quarantined: 1,
      problems: [{ at: 3, reason: 'invalid_item' }],
    });
    expect((await shop.events())[1]?.payload).toBe('"{oops"');
  });
  test('a table without rows is an empty batch', async () => {
    const shop = await start();
    expect((await refusalOf(shop, requestOf('type,userId\n', { format: 'csv' }))).code).toBe('empty_batch');
    expect((await refusalOf(shop, requestOf('\n', { format: 'ndjson' }))).code).toBe('empty_batch');
  });
  test('a pixel’s query', async () => {
    const shop = await start([sourceOf({ type: 'browser' })]);
    const query = { writeKey: KEY, anonymousId: 'a1', event: 'Mail Opened', 'properties.campaign': 'spring' };
    await shop.collector.accept(
      requestOf('', { call: 'track', format: 'query', query, authorization: '', write_key: KEY }),
    );
    expect((await shop.events())[0]).toMatchObject({
      event: 'Mail Opened',
      anonymous_id: 'a1',
      properties: '{"campaign":"spring"}',
      verdict: 'accepted',
    });
  });
  test('a webhook: the whole body as properties, one event for each element', async () => {
    const shop = await start();
    const body = [{ type: 'invoice.paid', amount: 9 }, { event: 'ping', userId: 'u1' }, 7];
    await shop.collector.accept(requestOf(body, { call: 'webhook', delivery_id: 'evt_1' }));
    const events = await shop.events();
    expect(events.map(({ event, message_id, verdict }) => [event, message_id, verdict])).toEqual([
      ['invoice.paid', 'evt_1:0', 'accepted'],
      ['ping', 'evt_1:1', 'accepted'],
      ['', expect.any(String), 'quarantined'],
    ]);
    expect(events[0]?.properties).toBe('{"type":"invoice.paid","amount":9}');
    expect(events[0]?.anonymous_id).not.toBe('');
    expect(events[1]).toMatchObject({ user_id: 'u1', anonymous_id: '' });
  });
});
