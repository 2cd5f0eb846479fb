/** Device, system and browser of a user agent, as far as audiences need them. Unknown is empty. */
export interface UserAgent {
  readonly device_type: 'desktop' | 'mobile' | 'tablet' | '';
  readonly os: string;
  readonly browser: string;
}

const OS: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPad|iPod/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Linux|X11/, 'Linux'],
];

/** In this order: most browsers also name those that they descend from. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Version\/[\d.]+.*Safari\//, 'Safari'],
];

const UNKNOWN: UserAgent = { device_type: '', os: '', browser: '' };
const CACHE_MAX = 5_000;
const cache = new Map<string, UserAgent>();

/** Remembered for the agents that were asked for lately. */
export function readUserAgent(agent: string): UserAgent {
  if (agent === '') return UNKNOWN;
  const known = cache.get(agent);
  if (known !== undefined) return known;
  if (cache.size >= CACHE_MAX) cache.clear();
  const read = parse(agent);
  cache.set(agent, read);
  return read;
}

function parse(agent: string): UserAgent {
  const os = OS.find(([pattern]) => pattern.test(agent))?.[1] ?? '';
  const browser = BROWSERS.find(([pattern]) => pattern.test(agent))?.[1] ?? '';
  const isTablet = /iPad|Tablet/.test(agent) || (os === 'Android' && !/Mobile/.test(agent));
  const isMobile = /Mobi|iPhone|iPod/.test(agent) || os === 'iOS';
  const device_type = isTablet ? 'tablet' : isMobile ? 'mobile' : os === '' ? '' : 'desktop';
  return { device_type, os, browser };
}
