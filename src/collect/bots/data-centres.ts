/**
 * A hint, not proof: address ranges that large hosting companies have announced for years. People browse from homes
 * and phones; a browser in a data centre is mostly a crawler, a test or a proxy. Kept short on purpose: ranges that
 * also carry consumer traffic (content networks, private relays) are left out. Add to it with `extra`.
 */
import { BlockList, isIPv4 } from 'node:net';

export interface AddressRange {
  readonly owner: string;
  /** CIDR, `3.0.0.0/9` or `2600:1f00::/24`. */
  readonly range: string;
}

const RANGES: Readonly<Record<string, readonly string[]>> = {
  'Amazon Web Services': [
    '3.0.0.0/9',
    '3.128.0.0/9',
    '13.52.0.0/14',
    '13.56.0.0/14',
    '18.128.0.0/9',
    '34.192.0.0/10',
    '35.152.0.0/13',
    '44.192.0.0/10',
    '50.16.0.0/14',
    '52.0.0.0/10',
    '52.64.0.0/12',
    '54.64.0.0/11',
    '54.144.0.0/12',
    '54.160.0.0/11',
    '54.192.0.0/12',
    '54.208.0.0/13',
    '54.216.0.0/14',
    '54.220.0.0/15',
    '54.224.0.0/11',
    '2600:1f00::/24',
  ],
  'Google Cloud': [
    '34.64.0.0/10',
    '34.128.0.0/10',
    '35.184.0.0/13',
    '35.192.0.0/12',
    '35.208.0.0/12',
    '35.224.0.0/12',
    '35.240.0.0/13',
    '104.154.0.0/15',
    '104.196.0.0/14',
    '130.211.0.0/16',
    '146.148.0.0/17',
    '2600:1900::/28',
  ],
  'Microsoft Azure': [
    '13.64.0.0/11',
    '20.33.0.0/16',
    '20.36.0.0/14',
    '20.40.0.0/13',
    '40.64.0.0/10',
    '52.224.0.0/11',
    '2603:1000::/24',
  ],
  DigitalOcean: [
    '46.101.0.0/16',
    '104.131.0.0/16',
    '104.236.0.0/16',
    '134.209.0.0/16',
    '138.68.0.0/16',
    '138.197.0.0/16',
    '139.59.0.0/16',
    '157.245.0.0/16',
    '159.65.0.0/16',
    '159.89.0.0/16',
    '161.35.0.0/16',
    '165.227.0.0/16',
    '167.71.0.0/16',
    '167.99.0.0/16',
    '178.62.0.0/16',
    '188.166.0.0/16',
    '206.189.0.0/16',
  ],
  Hetzner: [
    '5.9.0.0/16',
    '78.46.0.0/15',
    '88.99.0.0/16',
    '88.198.0.0/16',
    '95.216.0.0/16',
    '116.202.0.0/16',
    '116.203.0.0/16',
    '135.181.0.0/16',
    '136.243.0.0/16',
    '138.201.0.0/16',
    '144.76.0.0/16',
    '148.251.0.0/16',
    '159.69.0.0/16',
    '168.119.0.0/16',
    '176.9.0.0/16',
    '178.63.0.0/16',
    '188.40.0.0/16',
    '195.201.0.0/16',
    '2a01:4f8::/32',
    '2a01:4f9::/32',
  ],
  OVH: [
    '51.38.0.0/16',
    '51.68.0.0/16',
    '51.75.0.0/16',
    '51.77.0.0/16',
    '51.178.0.0/16',
    '54.36.0.0/16',
    '137.74.0.0/16',
    '145.239.0.0/16',
    '147.135.0.0/16',
    '149.202.0.0/16',
    '151.80.0.0/16',
    '158.69.0.0/16',
    '167.114.0.0/16',
    '178.32.0.0/15',
    '188.165.0.0/16',
    '192.99.0.0/16',
    '2001:41d0::/32',
    '2607:5300::/32',
  ],
  Linode: ['45.33.0.0/17', '45.79.0.0/16', '139.162.0.0/16', '172.104.0.0/15', '2600:3c00::/28'],
  Vultr: ['45.32.0.0/16', '45.63.0.0/17', '45.76.0.0/15', '108.61.0.0/16', '149.28.0.0/16', '2001:19f0::/32'],
};

/** Name of the hosting company that an address (as from `readIp()`) belongs to; empty when not known. */
export type DataCentreOf = (ip: string) => string;

/** Throws on a range that cannot be read. */
export function createDataCentres(extra: readonly AddressRange[] = []): DataCentreOf {
  const known = Object.entries(RANGES).flatMap(([owner, ranges]) =>
    ranges.map((range) => ({ owner, range })),
  );
  const lists = new Map<string, BlockList>();
  for (const { owner, range } of [...known, ...extra]) {
    const list = lists.get(owner) ?? new BlockList();
    const [net = '', bits = ''] = range.split('/');
    list.addSubnet(net, Number(bits), isIPv4(net) ? 'ipv4' : 'ipv6');
    lists.set(owner, list);
  }
  return (ip) => {
    const family = ip.includes(':') ? 'ipv6' : 'ipv4';
    for (const [owner, list] of lists) if (list.check(ip, family)) return owner;
    return '';
  };
}
