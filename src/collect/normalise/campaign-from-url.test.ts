import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { campaignFromUrl, namesCampaign } from './campaign-from-url.ts';

const ofUrl = (url: unknown) => campaignFromUrl({ page: { url } }, {});

describe('campaignFromUrl', () => {
  test.each([
    ['https://shop.example/?utm_source=news&utm_campaign=spring', { source: 'news', name: 'spring' }],
    [
      '/a?x=1&utm_source=g&utm_medium=cpc&utm_campaign=n&utm_term=t&utm_content=c&utm_id=7#utm_source=other',
      { source: 'g', medium: 'cpc', name: 'n', term: 't', content: 'c', id: '7' },
    ],
    ['?utm_source=Spring+sale%20%C3%A9', { source: 'Spring sale é' }],
    ['?utm_source=first&utm_source=second', { source: 'first' }],
    ['?utm_source=%&utm_medium=%zz', { source: '%', medium: '%zz' }],
    ['?utm_source=%ff', { source: '\ufffd' }],
    ['?utm_source=+&utm_medium=', undefined],
    ['https://shop.example/utm_source=news', undefined],
    ['https://shop.example/#?utm_source=news', undefined],
    ['https://shop.example/?autm_source=news', undefined],
    ['https://shop.example/?utm___proto__=x', undefined],
    [42, undefined],
    [undefined, undefined],
  ])('%s', (url, campaign) => {
    expect(ofUrl(url)).toEqual(campaign);
  });

  test('the search of the page counts first, then its address, then the properties', () => {
    const page = { search: '?utm_source=search', url: '?utm_source=url' };
    const properties = { search: '?utm_source=own', url: '?utm_source=own-url' };
    const source = (context: object, own: object) =>
      campaignFromUrl(context as Record<string, unknown>, own as Record<string, unknown>)?.['source'];
    expect(source({ page }, properties)).toBe('search');
    expect(source({ page: { ...page, search: '' } }, properties)).toBe('url');
    expect(source({ page: 'no object' }, properties)).toBe('own');
    expect(source({}, { url: properties.url })).toBe('own-url');
  });

  test('values are kept up to 512 characters, well formed', () => {
    expect(ofUrl(`?utm_source=${'a'.repeat(600)}`)).toEqual({ source: 'a'.repeat(512) });
    const cut = ofUrl(`?utm_source=a${'😀'.repeat(300)}`)?.['source'] as string;
    expect(cut.isWellFormed()).toBe(true);
  });

  test('whatever is written into an address is read back, and nothing makes it fail', () => {
    const word = fc
      .string({ minLength: 1, maxLength: 80, unit: 'grapheme' })
      .filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(word, word, (source, name) => {
        const query = new URLSearchParams({ utm_source: source, utm_campaign: name });
        expect(ofUrl(`https://shop.example/?${query}`)).toEqual({ source: source.trim(), name: name.trim() });
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void ofUrl(`?utm_${text}`)));
  });
});

test.each([
  [undefined, false],
  [null, false],
  [{}, false],
  [{ name: 'spring' }, true],
  ['spring', true],
])('a client that sends campaign %j names one: %s', (campaign, named) => {
  expect(namesCampaign(campaign)).toBe(named);
});
