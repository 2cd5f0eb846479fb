/** Where the shop sells: twelve regions, with the law on consent, the clock and the names of each. */
export type NameTongue = 'en' | 'de' | 'fr' | 'es' | 'nl' | 'pt';

export interface Region {
  readonly region_id: string;
  readonly country: string;
  readonly timezone: string;
  /** Fixed for the whole history: the simulator knows no daylight saving. */
  readonly utc_offset_min: number;
  readonly locale: string;
  readonly tongue: NameTongue;
  readonly consent_regime: 'opt_in' | 'opt_out';
  /** Share of the people. */
  readonly share: number;
  /** Country code and mobile prefix of made-up numbers, and how many digits follow. */
  readonly phone: readonly [string, number];
  /** First octets of made-up home addresses. */
  readonly octets: readonly number[];
  readonly cities: readonly (readonly [string, string])[];
}

const us = (
  region_id: string,
  timezone: string,
  hours: number,
  share: number,
  cities: Region['cities'],
): Region => ({
  region_id,
  country: 'US',
  timezone,
  utc_offset_min: hours * 60,
  locale: 'en-US',
  tongue: 'en',
  consent_regime: 'opt_out',
  share,
  phone: ['+1', 10],
  octets: [24, 68, 73, 98],
  cities,
});

const eu = (
  region_id: string,
  country: string,
  tongue: NameTongue,
  timezone: string,
  hours: number,
  share: number,
  phone: Region['phone'],
  octets: readonly number[],
  cities: Region['cities'],
): Region => ({
  region_id,
  country,
  timezone,
  utc_offset_min: hours * 60,
  locale: `${tongue}-${country}`,
  tongue,
  consent_regime: 'opt_in',
  share,
  phone,
  octets,
  cities,
});

export const REGIONS: readonly Region[] = [
  us('us-northeast', 'America/New_York', -5, 0.13, [
    ['New York', '10011'],
    ['Boston', '02116'],
    ['Philadelphia', '19103'],
  ]),
  us('us-south', 'America/Chicago', -6, 0.14, [
    ['Houston', '77002'],
    ['Austin', '78701'],
    ['Nashville', '37203'],
  ]),
  us('us-midwest', 'America/Chicago', -6, 0.09, [
    ['Chicago', '60607'],
    ['Minneapolis', '55401'],
    ['Columbus', '43215'],
  ]),
  us('us-west', 'America/Los_Angeles', -8, 0.12, [
    ['Los Angeles', '90014'],
    ['Seattle', '98101'],
    ['Portland', '97205'],
  ]),
  eu(
    'gb-south',
    'GB',
    'en',
    'Europe/London',
    0,
    0.09,
    ['+447', 9],
    [81, 86],
    [
      ['London', 'SE1 9GF'],
      ['Brighton', 'BN1 1UF'],
      ['Bristol', 'BS1 4DJ'],
    ],
  ),
  eu(
    'gb-north',
    'GB',
    'en',
    'Europe/London',
    0,
    0.06,
    ['+447', 9],
    [82, 90],
    [
      ['Manchester', 'M1 2WD'],
      ['Leeds', 'LS1 5DL'],
      ['Edinburgh', 'EH1 1YZ'],
    ],
  ),
  eu(
    'de-north',
    'DE',
    'de',
    'Europe/Berlin',
    1,
    0.08,
    ['+4915', 9],
    [79, 91],
    [
      ['Hamburg', '20095'],
      ['Berlin', '10117'],
      ['Bremen', '28195'],
    ],
  ),
  eu(
    'de-south',
    'DE',
    'de',
    'Europe/Berlin',
    1,
    0.08,
    ['+4917', 8],
    [84, 93],
    [
      ['München', '80331'],
      ['Stuttgart', '70173'],
      ['Nürnberg', '90402'],
    ],
  ),
  eu(
    'fr',
    'FR',
    'fr',
    'Europe/Paris',
    1,
    0.08,
    ['+336', 8],
    [78, 88],
    [
      ['Paris', '75011'],
      ['Lyon', '69002'],
      ['Nantes', '44000'],
    ],
  ),
  eu(
    'es',
    'ES',
    'es',
    'Europe/Madrid',
    1,
    0.05,
    ['+346', 8],
    [83, 95],
    [
      ['Madrid', '28013'],
      ['Barcelona', '08002'],
      ['Sevilla', '41001'],
    ],
  ),
  eu(
    'nl',
    'NL',
    'nl',
    'Europe/Amsterdam',
    1,
    0.04,
    ['+316', 8],
    [77, 94],
    [
      ['Amsterdam', '1012 AB'],
      ['Utrecht', '3511 AD'],
      ['Rotterdam', '3011 AA'],
    ],
  ),
  {
    region_id: 'br',
    country: 'BR',
    timezone: 'America/Sao_Paulo',
    utc_offset_min: -180,
    locale: 'pt-BR',
    tongue: 'pt',
    consent_regime: 'opt_out',
    share: 0.04,
    phone: ['+55119', 8],
    octets: [177, 189],
    cities: [
      ['São Paulo', '01310-100'],
      ['Campinas', '13010-111'],
      ['Curitiba', '80010-000'],
    ],
  },
];
