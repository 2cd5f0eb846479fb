import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { digest } from '../../kernel/ids.ts';
import { compileRules } from './compile-rules.ts';
import { createEventReader, type EventIdentity } from './identifiers-of-event.ts';
import { DEFAULT_RULES } from './identity-rules.ts';
import { identityRulesKind } from './identity-rules-kind.ts';
import { junkRule } from './junk.ts';
import { NORMALISERS, normalise } from './normalise.ts';

const nobody: EventIdentity = { type: 'page', user_id: '', anonymous_id: '', previous_id: '' };

describe('values', () => {
  test.each([
    ['email', ' Ann.B@X.org ', 'ann.b@x.org'],
    ['email', 'ann at x.org', undefined],
    ['phone', '+49 (0)170 123-4567', '+491701234567'],
    ['phone', '0049 170 1234567', '+491701234567'],
    ['phone', '0170 1234567', '+491701234567'],
    ['phone', '12', undefined],
    ['lower', ' AbC ', 'abc'],
    ['none', 'AbC ', 'AbC '],
    ['none', 42, '42'],
    ['none', 1e300, undefined],
    ['none', {}, undefined],
    ['sha256', digest('x').toUpperCase(), digest('x')],
    ['sha256', 'x', undefined],
  ] as const)('%s of %j is %j', (how, value, expected) => {
    expect(normalise(value, how, '49')).toBe(expected);
  });

  test('a normal form stays as it is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NORMALISERS), fc.oneof(fc.string(), fc.emailAddress()), (how, text) => {
        const once = normalise(text, how, '');
        if (once !== undefined) expect(normalise(once, how, '')).toBe(once);
      }),
    );
  });

  test.each([
    ['none', 'null'],
    ['none', 'Undefined'],
    ['none', ' NONE '],
    ['none', '"null"'],
    ['none', '(none)'],
    ['none', '[object Object]'],
    ['none', '[object Undefined]'],
    ['none', '0'],
    ['none', '00000000-0000-0000-0000-000000000000'],
    ['none', '00:00:00:00:00:00'],
    ['none', '-'],
    ['none', 'No-Reply@x.org'],
    ['email', 'null@null.com'],
    ['email', 'none@none.com'],
    ['email', 'donotreply@x.org'],
    ['email', 'test@test.co.uk'],
    ['email', 'ann@nowhere.invalid'],
    ['phone', '0000000000'],
    ['phone', '000-000-0000'],
    ['phone', '+000 000 0000'],
    ['phone', '1111111111'],
    ['phone', '+1 (111) 111-1111'],
    ['phone', '01234567890'],
    ['sha256', digest('')],
    ['sha256', digest('null')],
  ] as const)('as %s, %j names nobody', (how, text) => {
    for (const country_code of ['', '49']) {
      const value = normalise(text, how, country_code) ?? '';
      expect(value).not.toBe('');
      expect(junkRule(value, how, country_code)).toBeDefined();
    }
  });
  test.each([
    ['none', 'nullius'],
    ['none', '10'],
    ['none', 'a0'],
    ['none', 'guesthouse'],
    ['email', 'ann@x.org'],
    ['email', 'ann.null@x.org'],
    ['email', 'test@shop.example'],
    ['email', 'nonesuch@none.com'],
    ['email', 'replying@x.org'],
    ['phone', '0170 1111112'],
    ['phone', '+1 234 567 8902'],
    ['sha256', digest('ann@x.org')],
  ] as const)('as %s, %j may name somebody', (how, text) =>
    expect(junkRule(normalise(text, how, '49') as string, how, '49')).toBeUndefined(),
  );

  test('placeholders are no user id, also where junk may be an identifier', () => {
    const rules = compileRules({ ...DEFAULT_RULES, block_junk: false });
    expect(rules.blockedBy('user_id', 'null')).toBe('placeholder');
    expect(rules.blockedBy('crm_id', 'null')).toBeUndefined();
  });
});

describe('what an event carries', () => {
  const read = (event: Partial<EventIdentity>, roots: Record<string, unknown>, body?: unknown) =>
    createEventReader(compileRules(body)).read({ ...nobody, ...event }, (root) => roots[root]);

  test('ids, traits, device and external ids, each once', () => {
    const found = read(
      { user_id: 'ann', anonymous_id: 'd1' },
      {
        traits: { email: 'ANN@x.org', loyalty_id: 7 },
        properties: { email: 'ann@x.org' },
        context: {
          device: { id: 'phone-1' },
          externalIds: [
            { id: 'C1', type: 'crm_id', collection: 'users', encoding: 'none' },
            { id: 'X', type: 'unheard_of' },
            null,
          ],
        },
      },
    );
    expect(found.identifiers.map(({ type, value }) => `${type}:${value}`)).toEqual([
      'user_id:ann',
      'anonymous_id:d1',
      'loyalty_id:7',
      'email:ann@x.org',
      'device_id:phone-1',
      'crm_id:C1',
    ]);
  });

  test('blocked values are counted by rule and join nobody', () => {
    const body = {
      identifiers: [
        { type: 'user_id', paths: ['user_id'] },
        {
          type: 'email',
          paths: ['traits.email'],
          normalise: 'email',
          blocked: ['INFO@x.org'],
          blocked_patterns: ['^noreply@'],
        },
      ],
    };
    const of = (user_id: string, email: string) => read({ user_id }, { traits: { email } }, body);
    expect(of('null', 'info@x.org')).toMatchObject({
      identifiers: [],
      blocked: ['user_id placeholder', 'email blocked_value'],
    });
    expect(of('ann', 'noreply@x.org').blocked).toEqual(['email pattern ^noreply@']);
  });

  test('a hash is made where the rules ask for it', () => {
    const body = {
      identifiers: [
        { type: 'email', paths: ['traits.email'], normalise: 'email' },
        { type: 'email_sha256', normalise: 'sha256', hash_of: 'email' },
      ],
    };
    expect(read({}, { traits: { email: 'Ann@x.org' } }, body).identifiers).toEqual([
      { type: 'email', value: 'ann@x.org' },
      { type: 'email_sha256', value: digest('ann@x.org') },
    ]);
  });

  test('an alias speaks of a user id or of an anonymous id', () => {
    const { previous } = read({ type: 'alias', user_id: 'ann', previous_id: 'd1' }, {});
    expect(previous).toEqual([
      { type: 'user_id', value: 'd1' },
      { type: 'anonymous_id', value: 'd1' },
    ]);
  });

  test('text without a path’s names is not parsed', () => {
    const reader = createEventReader(compileRules());
    const texts = { properties: '{"price":3}', traits: '{}', context: '{"page":{"path":"/"}}' };
    expect(reader.mayCarry(texts)).toBe(false);
    expect(reader.mayCarry({ ...texts, context: '{"externalIds":[]}' })).toBe(true);
    expect(reader.mayCarry({ ...texts, properties: '{"email":"x"}' })).toBe(true);
  });
});

describe('the definition', () => {
  const check = (body: unknown, name = 'default') => identityRulesKind.check(body, name).map((p) => p.field);

  test('the defaults are sound', () => expect(check(DEFAULT_RULES)).toEqual([]));

  test('the example shop’s are sound', () => {
    const file = new URL('../../../examples/shop/identity-rules.yaml', import.meta.url);
    const { name, body } = parse(readFileSync(file, 'utf8')) as { name: string; body: unknown };
    expect(check(body, name)).toEqual([]);
  });

  test('says where it is wrong', () => {
    expect(check({ identifiers: [] })).toEqual(['identifiers']);
    expect(check(DEFAULT_RULES, 'other')).toEqual(['name']);
    expect(check({ identifiers: [{ type: 'user_id', paths: ['traits.id'] }] })).toEqual([
      'identifiers.0.paths',
    ]);
    expect(check({ identifiers: [{ type: 'x' }, { type: 'x' }] })).toEqual(['identifiers.1.type']);
    expect(check({ identifiers: [{ type: 'x', blocked_patterns: ['^(a+)+$'] }] })).toEqual([
      'identifiers.0.blocked_patterns.0',
    ]);
    expect(check({ identifiers: [{ type: 'x', hash_of: 'y', normalise: 'sha256' }] })).toEqual([
      'identifiers.0.hash_of',
    ]);
    expect(check({ identifiers: [{ type: 'x', paths: ['traits'] }] })).toEqual(['identifiers.0.paths.0']);
  });
});
