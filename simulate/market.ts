/** A shop and its market, decided by a seed: everything that is fixed before the first visitor comes. */
import { DAY_MS } from '../src/kernel/clock.ts';
import { createRng } from '../src/kernel/rng.ts';
import { planOutage } from './calendar.ts';
import { CATEGORIES, type Catalogue, createCatalogue } from './catalogue.ts';
import { cell } from './cell.ts';
import { type MediaPlan, planMedia } from './channels.ts';
import { type CrmRow, createCrm } from './crm.ts';
import { type FaultPlan, planFaults } from './faults.ts';
import { createPeople, type Device, type Person } from './people.ts';
import { REGIONS } from './regions.ts';

/** Parts that can be left out. The others stay as they are. */
export interface MarketParts {
  readonly letters: boolean;
  readonly stores: boolean;
  readonly bots: boolean;
  readonly faults: boolean;
}

export interface MarketOptions {
  readonly seed: number;
  /** 20,000 when not said. */
  readonly people?: number;
  /** 90 when not said. */
  readonly days?: number;
  /** First UTC day of the history, `2026-03-01`. */
  readonly start_day: string;
  readonly parts?: Partial<MarketParts>;
}

export interface Market {
  readonly seed: number;
  readonly start_day: string;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly days: number;
  readonly parts: MarketParts;
  readonly people: readonly Person[];
  readonly devices: readonly Device[];
  readonly catalogue: Catalogue;
  /** People of each region. */
  readonly heads: readonly number[];
  readonly media: MediaPlan;
  readonly crm: readonly CrmRow[];
  readonly fault_plan: FaultPlan;
}

/** Throws RangeError when a number or the day makes no sense. */
export function createMarket({
  seed,
  people = 20_000,
  days = 90,
  start_day,
  parts = {},
}: MarketOptions): Market {
  const start_ms = Date.parse(`${start_day}T00:00:00.000Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(start_day) || Number.isNaN(start_ms))
    throw new RangeError(`start_day: not a day like 2026-03-01: ${start_day}`);
  if (!Number.isInteger(people) || people < 1)
    throw new RangeError(`people: a whole number from 1 on, got ${people}`);
  if (!Number.isInteger(days) || days < 1)
    throw new RangeError(`days: a whole number from 1 on, got ${days}`);
  const root = createRng(seed);
  const population = createPeople(root, { people, days, categories: CATEGORIES.length });
  const heads = REGIONS.map((_, region) => population.people.filter((p) => p.region === region).length);
  return {
    seed,
    start_day,
    start_ms,
    end_ms: start_ms + days * DAY_MS,
    days,
    parts: { letters: true, stores: true, bots: true, faults: true, ...parts },
    people: population.people,
    devices: population.devices,
    catalogue: createCatalogue(root, { people, days, start_ms }),
    heads,
    media: planMedia(root, { heads, days, start_ms }),
    crm: createCrm(root, population.people, start_ms),
    fault_plan: planFaults(planOutage(start_ms, days), days),
  };
}

/** Name of a region by its index. */
export const regionName = (region: number): string => cell(REGIONS, region).region_id;
