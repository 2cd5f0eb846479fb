import type { Profile } from '../api/profiles.ts';
import { lookOf } from './identifier-types.ts';

/** The name that the person goes by, else the strongest identifier; people who only browse are anonymous visitors. */
export function nameOf(profile: Pick<Profile, 'traits' | 'identifiers'>): string {
  const text = (name: string) => {
    const value = profile.traits.find((trait) => plain(trait.name) === name)?.value;
    return typeof value === 'string' ? value.trim() : '';
  };
  const whole = text('name') || text('fullname');
  const parts = [text('firstname'), text('lastname')].filter((part) => part !== '').join(' ');
  const leading = profile.identifiers[0];
  if (whole !== '') return whole;
  if (parts !== '') return parts;
  if (leading === undefined) return 'Person without identifiers';
  return lookOf(leading.type).nearness === 'device' ? 'Anonymous visitor' : leading.value;
}

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, '');
