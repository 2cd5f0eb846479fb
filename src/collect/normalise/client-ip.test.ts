import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readIp, storedIp } from './client-ip.ts';

describe('readIp', () => {
  test.each([
    ['203.0.113.77', '203.0.113.77'],
    ['::ffff:203.0.113.77', '203.0.113.77'],
    ['::FFFF:cb00:714d', '203.0.113.77'],
    ['2001:DB8:0:0:8:800:200C:417A', '2001:db8::8:800:200c:417a'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
    ['::', '::'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ])('%s is %s', (value, expected) => {
    expect(readIp(value)).toBe(expected);
  });
  test.each([
    [''],
    ['unknown'],
    ['203.0.113'],
    ['203.0.113.256'],
    ['203.0.113.77:443'],
    ['1.2.3.4, 5.6.7.8'],
    ['::ffff:1.2.3'],
    [7],
    [null],
    [undefined],
    [{}],
    ['1'.repeat(5_000)],
  ])('%j is not an address', (value) => {
    expect(readIp(value)).toBe('');
  });
});

describe('storedIp', () => {
  test.each([
    ['203.0.113.77', '203.0.113.0'],
    ['::ffff:203.0.113.77', '203.0.113.0'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3::'],
    ['2001:db8::8a2e:370:7348', '2001:db8::'],
    ['2001:0:5:1::1', '2001:0:5::'],
    ['::1', '::'],
    ['', ''],
  ])('%s is stored as %s', (ip, expected) => {
    expect(storedIp(readIp(ip), 'truncate')).toBe(expected);
  });
  test('keep and drop do as they say', () => {
    expect(storedIp('203.0.113.77', 'keep')).toBe('203.0.113.77');
    expect(storedIp('203.0.113.77', 'drop')).toBe('');
  });
  test('an address is one spelling, and shortening it twice changes nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (ip) => {
        const read = readIp(ip);
        expect(read).not.toBe('');
        expect(readIp(read)).toBe(read);
        const stored = storedIp(read, 'truncate');
        expect(storedIp(readIp(stored), 'truncate')).toBe(stored);
      }),
    );
  });
  test('the last 80 bits of an IPv6 address and the last 8 of an IPv4 one leave no trace', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(
        fc.tuple(group, group, group),
        fc.array(group, { minLength: 5, maxLength: 5 }),
        fc.array(group, { minLength: 5, maxLength: 5 }),
        (net, host, other) => {
          fc.pre(net.some((part) => part !== 0));
          const write = (tail: number[]) =>
            readIp([...net, ...tail].map((part) => part.toString(16)).join(':'));
          expect(storedIp(write(host), 'truncate')).toBe(storedIp(write(other), 'truncate'));
        },
      ),
    );
  });
});
