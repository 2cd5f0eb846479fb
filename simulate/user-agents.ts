/** What browsers, the app and crawlers call themselves. */
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome';

export const DESKTOP_AGENTS: readonly string[] = [
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME}/138.0.0.0 Safari/537.36`,
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME}/137.0.0.0 Safari/537.36 Edg/137.0.0.0`,
  `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${CHROME}/138.0.0.0 Safari/537.36`,
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:139.0) Gecko/20100101 Firefox/139.0',
  `Mozilla/5.0 (X11; Linux x86_64) ${CHROME}/136.0.0.0 Safari/537.36`,
];

export const PHONE_AGENTS: readonly string[] = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1',
  `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${CHROME}/138.0.0.0 Mobile Safari/537.36`,
  `Mozilla/5.0 (Linux; Android 15; SM-S921B) ${CHROME}/137.0.0.0 Mobile Safari/537.36`,
  `Mozilla/5.0 (Linux; Android 13; SM-A546B) ${CHROME}/136.0.0.0 Mobile Safari/537.36`,
];

/** Safari forgets what a page stored when it was not visited for seven days. */
export const forgets = (user_agent: string): boolean =>
  user_agent.includes('Version/') && user_agent.includes('Safari/');

export const APP_MODELS: readonly (readonly [string, 'ios' | 'android', string])[] = [
  ['iPhone16,1', 'ios', '18.4'],
  ['iPhone14,5', 'ios', '17.6'],
  ['Pixel 8', 'android', '14'],
  ['SM-S921B', 'android', '15'],
];

/** The agent of the app's embedded page, which the client reports. */
export const appAgent = (platform: 'ios' | 'android', model: string, os: string): string =>
  platform === 'ios'
    ? `Mozilla/5.0 (iPhone; CPU iPhone OS ${os.replace('.', '_')} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148`
    : `Mozilla/5.0 (Linux; Android ${os}; ${model}; wv) ${CHROME}/138.0.0.0 Mobile Safari/537.36`;

/** Robots that say so. */
export const CRAWLER_AGENTS: readonly string[] = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
  'python-requests/2.32.3',
  `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/136.0.0.0 Safari/537.36`,
];

/** What the server library calls itself. */
export const SERVER_AGENT = 'analytics-node-next/latest';
export const SERVER_IP = '198.51.100.7';
