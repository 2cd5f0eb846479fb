/** Client addresses, shortened before anything is stored: /24 for IPv4, /48 for IPv6. */
import { isIPv4, isIPv6 } from 'node:net';

export type IpRule = 'truncate' | 'keep' | 'drop';

/** The address in one spelling: IPv4-mapped IPv6 as IPv4, no zone, lower case. Empty when it is not an address. */
export function readIp(value: unknown): string {
  if (typeof value !== 'string' || value.length > 60) return '';
  if (isIPv4(value)) return value;
  if (!isIPv6(value)) return '';
  const zone = value.indexOf('%');
  const groups = ipv6Groups(zone < 0 ? value : value.slice(0, zone));
  const [a, b, c, d, e, f, high = 0, low = 0] = groups;
  if (!a && !b && !c && !d && !e && f === 0xffff)
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  return writeIpv6(groups);
}

/** `ip` comes from `readIp()`. */
export function storedIp(ip: string, rule: IpRule): string {
  if (ip === '' || rule === 'drop') return '';
  if (rule === 'keep') return ip;
  if (!ip.includes(':')) return `${ip.slice(0, ip.lastIndexOf('.'))}.0`;
  return writeIpv6([...ipv6Groups(ip).slice(0, 3), 0, 0, 0, 0, 0]);
}

/** Eight numbers from a valid IPv6 address. */
function ipv6Groups(ip: string): number[] {
  const [left = '', right] = ip.split('::');
  const head = groupsOf(left);
  if (right === undefined) return head;
  const tail = groupsOf(right);
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

const groupsOf = (text: string): number[] =>
  text === ''
    ? []
    : text.split(':').flatMap((part) => (part.includes('.') ? dotted(part) : [Number.parseInt(part, 16)]));

function dotted(part: string): number[] {
  const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}

/** RFC 5952: the longest run of two or more zero groups becomes `::`, the first of equals. */
function writeIpv6(groups: readonly number[]): string {
  let from = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) {
      from = i;
      length = end - i;
    }
  }
  const hex = groups.map((group) => group.toString(16));
  if (from < 0) return hex.join(':');
  return `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`;
}
