import { describe, expect, test } from 'vitest';
import { isContactName, maskIp, maskJson, shownTo } from './contacts.ts';

describe('contact data', () => {
  test.each([
    ...[
      'email',
      'eMail',
      'e-mail',
      'work_email',
      'email_sha256',
      'phone',
      'phoneNumber',
      'phones',
      'mobile',
      'tel',
    ],
    ...[
      'telephone',
      'whatsapp_phone',
      'profile_phone',
      'app_phone',
      'first_name',
      'first name',
      'lastName',
      'Vorname',
    ],
    ...[
      'name',
      'customer_name',
      'shippingName',
      'address',
      'addresses',
      'address1',
      'home_address',
      'postal_address',
    ],
    ...['street', 'zip', 'birthday', 'date_of_birth', 'iban', 'ssn'],
  ])('%s holds it', (name) => expect(isContactName(name)).toBe(true));
  test.each([
    ...[
      'product_name',
      'productName',
      'campaign_name',
      'category_name',
      '$os_name',
      'event_name',
      'plan',
      'plan_name',
    ],
    ...[
      'loyalty_id',
      'emails_opened',
      'email_campaign',
      'mobile_app',
      'phone_model',
      'city',
      'total',
      'profile',
    ],
  ])('%s does not', (name) => expect(isContactName(name)).toBe(false));

  test('is masked anywhere in a value', () => {
    const value = {
      email: 'ann@example.com',
      products: [{ name: 'Chair', product_name: 'Lamp' }],
      context: { library: { name: '@segment/analytics-node' }, device: { name: 'Carla’s phone' } },
      customer: { name: 'Dora Diaz' },
      note: 'write to Bob <bob@example.com> or call +49 170 1234567 today',
      url: 'https://shop.example/?mail=eve%40example.com&page=2',
      address: { city: 'Berlin', zip: 10_115 },
      phones: [+491701234567],
      order_id: '63041234567890',
      at: '2026-11-25T10:00:00+01:00',
      ip: '203.0.113.7',
    };
    const masked = JSON.stringify(maskJson(value));
    expect(masked).not.toMatch(/ann@|bob@|eve%|Berlin|10115|1701234|113\.7|Carla|Dora/);
    for (const kept of [
      'Lamp',
      'Chair',
      'analytics-node',
      'page=2',
      '63041234567890',
      '2026-11-25T10:00:00+01:00',
      '203.0.',
    ])
      expect(masked).toContain(kept);
  });

  test('of an address of the network its host is left out', () => {
    expect(['', '203.0.113.7', '2001:db8:1::7'].map(maskIp)).toEqual(['', '203.0.…', '2001:db8:…']);
  });
});

describe('what an answer shows', () => {
  const payload = {
    userId: 'ann@example.com',
    traits: { income: 5, plan: 'gold' },
    properties: { total: 3 },
  };
  test('everything to those who work with people', () => {
    const shown = shownTo({ roles: ['editor'] }, new Set(['income']));
    expect(shown.masked).toBe(false);
    expect(shown.json(payload)).toEqual(payload);
  });
  test('no contact data and nothing sensitive to others', () => {
    const shown = shownTo({ roles: ['viewer'] }, new Set(['income']));
    expect(shown.json(payload)).toEqual({
      userId: 'a…@example.com',
      traits: { plan: 'gold' },
      properties: { total: 3 },
    });
    expect(shown.traits({ income: 5, email: 'ann@example.com' })).toEqual({ email: 'a…@example.com' });
    expect(shown.at('traits.income', 5)).toBeNull();
    expect(shown.at('traits.email', 'ann@example.com')).toBe('a…@example.com');
    expect(shown.text('user id ann@example.com is blocked')).toBe('user id a…@example.com is blocked');
  });
});
