import crawlers from 'crawler-user-agents';
import { describe, expect, test } from 'vitest';
import { type BotQuestion, createBotDetector } from './bot-detector.ts';
import { createDataCentres } from './data-centres.ts';
import { createRecentMap } from './recent-map.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const question = (over: Partial<BotQuestion> = {}): BotQuestion => ({
  source_id: 'src_1',
  user_agent: FIREFOX,
  ip: '192.0.2.7',
  webdriver: false,
  person: 'u1',
  at_ms: 1_784_635_200_000,
  fresh: true,
  ...over,
});

describe('by user agent', () => {
  test.each([
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36',
    ],
    ['curl/8.5.0'],
    ['python-requests/2.32.0'],
  ])('%s is a bot', (user_agent) => {
    expect(createBotDetector().judge(question({ user_agent }))).toMatchObject({
      bot: 1,
      source: 'user-agent',
      reason: expect.stringContaining('the user agent says'),
    });
  });
  test.each([
    [FIREFOX],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0',
    ],
    [
      'Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
    ],
    [''],
  ])('%j is not', (user_agent) => {
    expect(createBotDetector().judge(question({ user_agent }))).toEqual({ bot: 0, reason: '', source: '' });
  });
  test('nearly every agent of the public crawler list is found, in either list', () => {
    const detector = createBotDetector();
    const agents = crawlers.flatMap(({ instances }) => instances);
    const verdicts = agents.map((user_agent) => detector.judge(question({ user_agent, person: '' })));
    expect(agents.length).toBeGreaterThan(1_000);
    expect(verdicts.filter(({ bot }) => bot === 1).length / agents.length).toBeGreaterThan(0.99);
    expect(new Set(verdicts.map(({ source }) => source))).toContain('crawler-list');
  });
  test('a driven browser says so itself', () => {
    expect(createBotDetector().judge(question({ webdriver: true }))).toMatchObject({
      bot: 1,
      source: 'user-agent',
    });
  });
});

describe('by address', () => {
  test.each([
    ['52.18.3.4', 'Amazon Web Services'],
    ['34.90.1.2', 'Google Cloud'],
    ['2600:1f18::1', 'Amazon Web Services'],
    ['138.201.9.9', 'Hetzner'],
  ])('%s belongs to %s', (ip, owner) => {
    expect(createBotDetector().judge(question({ ip }))).toEqual({
      bot: 1,
      reason: `address of ${owner}`,
      source: 'data-centre',
    });
  });
  test.each([['192.0.2.7'], ['84.160.1.2'], ['2003:e1::1'], ['']])('%j is nobody’s', (ip) => {
    expect(createBotDetector().judge(question({ ip })).bot).toBe(0);
  });
  test('a team adds ranges of its own', () => {
    const detector = createBotDetector({ data_centres: [{ owner: 'Our test rack', range: '192.0.2.0/24' }] });
    expect(detector.judge(question()).reason).toBe('address of Our test rack');
    expect(() => createDataCentres([{ owner: 'x', range: 'nonsense/8' }])).toThrow();
  });
});

describe('by rate', () => {
  const judgeMany = (count: number, over: (i: number) => Partial<BotQuestion>) => {
    const detector = createBotDetector();
    return Array.from({ length: count }, (_, i) => detector.judge(question(over(i)))).filter(
      ({ source }) => source === 'rate',
    ).length;
  };
  test('more than 200 events of one person within ten seconds', () => {
    expect(judgeMany(250, (i) => ({ at_ms: 1_784_635_200_000 + i }))).toBe(50);
  });
  test('the same number over an hour is a busy person, also when it arrives at once', () => {
    expect(judgeMany(250, (i) => ({ at_ms: 1_784_635_200_000 + i * 15_000 }))).toBe(0);
  });
  test('one public address with ever new people', () => {
    expect(judgeMany(2_100, (i) => ({ person: `a${i}` }))).toBe(100);
  });
  test('not a private address: there everyone may come through one proxy', () => {
    for (const ip of ['127.0.0.1', '10.1.2.3', '192.168.1.9', '172.20.0.1', '100.64.1.1', '::1', 'fd00::1'])
      expect(judgeMany(2_100, (i) => ({ person: `a${i}`, ip }))).toBe(0);
  });
  test('a replay is not counted', () => {
    expect(judgeMany(300, () => ({ fresh: false }))).toBe(0);
  });
});

test('the cache forgets what was not asked for lately, and keeps what was', () => {
  const cache = createRecentMap<number>(10);
  cache.set('kept', 1);
  for (let i = 0; i < 1_000; i++) {
    cache.set(`key ${i}`, i);
    expect(cache.get('kept')).toBe(1);
  }
  expect(cache.get('key 0')).toBeUndefined();
  expect(cache.get('key 999')).toBe(999);
});
