import {
  IconAt,
  IconDeviceMobile,
  IconFingerprint,
  IconHash,
  IconHeart,
  IconId,
  IconPhone,
  IconUser,
} from '@tabler/icons-react';
import type { Page } from '../page.ts';

/** How close to the person an identifier is; the drawing has a column for each. */
export type Nearness = 'account' | 'contact' | 'device';

interface TypeLook {
  readonly words: string;
  readonly icon: Page['icon'];
  readonly nearness: Nearness;
}

const LOOKS: Readonly<Record<string, TypeLook>> = {
  user_id: { words: 'User id', icon: IconUser, nearness: 'account' },
  crm_id: { words: 'CRM id', icon: IconId, nearness: 'account' },
  loyalty_id: { words: 'Loyalty id', icon: IconHeart, nearness: 'account' },
  email: { words: 'E-mail', icon: IconAt, nearness: 'contact' },
  phone: { words: 'Phone', icon: IconPhone, nearness: 'contact' },
  email_sha256: { words: 'Hashed e-mail', icon: IconHash, nearness: 'contact' },
  phone_sha256: { words: 'Hashed phone', icon: IconHash, nearness: 'contact' },
  device_id: { words: 'Device', icon: IconDeviceMobile, nearness: 'device' },
  anonymous_id: { words: 'Anonymous id', icon: IconFingerprint, nearness: 'device' },
};

/** An own type of the identity rules counts as an account. */
export function lookOf(type: string): TypeLook {
  return LOOKS[type] ?? { words: type.replaceAll('_', ' '), icon: IconId, nearness: 'account' };
}

/** `email` as E-mail; a trait's name stays as it is. */
export function typeWords(type: string): string {
  return LOOKS[type]?.words ?? type;
}

/** Tone and words of a column of the drawing. */
export const NEARNESS: Readonly<
  Record<Nearness, { readonly words: string; readonly tone: 'blue' | 'green' | 'amber' }>
> = {
  account: { words: 'Accounts and ids', tone: 'blue' },
  contact: { words: 'Contact', tone: 'green' },
  device: { words: 'Browsers and devices', tone: 'amber' },
};
