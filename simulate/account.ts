/** Signing up, in and out, and what that does to the ids on a device. */

import { cell } from './cell.ts';
import { ACCOUNT, type Props } from './pages.ts';
import type { Person } from './people.ts';
import { REGIONS } from './regions.ts';
import { dwell, identify, openPage, type Session, track } from './session.ts';

const FORGETS_AFTER_DAYS = 7;

/** Storage that was emptied since the last visit: the device comes back as a stranger. */
export function mayForget(s: Session): void {
  const { identities } = s.run;
  const { device, rng } = s;
  const last_day = identities.visited(device.index, s.run.day);
  const emptied = rng.next() < 0.008;
  const expired = device.forgets && s.run.day - last_day > FORGETS_AFTER_DAYS;
  if (last_day >= 0 && (emptied || expired)) identities.rotate(rng, device.index);
}

/** On a shared device someone else may still be signed in: half notice and sign that account out. */
export function takeOver(s: Session): void {
  const signed_in = s.run.identities.signedIn(s.device.index);
  if (signed_in < 0 || signed_in === s.person.index) return;
  if (s.rng.next() < 0.5) leaveAccount(s);
}

/** Signs the visitor in, or makes the account when the day for it has come. Does nothing when neither is possible. */
export function signInOrUp(s: Session): void {
  const { identities, day } = s.run;
  const { person, device } = s;
  if (identities.signedIn(device.index) >= 0) return;
  const has_account = identities.hasAccount(person.index);
  const may_sign_up = !has_account && person.sign_up_day !== null && person.sign_up_day <= day;
  if (!has_account && !may_sign_up) return;
  dwell(s, 4_000, 12_000);
  openPage(s, ACCOUNT, may_sign_up ? 'Sign up' : 'Sign in');
  identities.makeAccount(person.index);
  identities.signIn(device.index, person.index);
  dwell(s, 5_000, 15_000);
  identify(s, accountTraits(person, may_sign_up));
  track(s, may_sign_up ? 'Signed Up' : 'Signed In', { method: 'password' });
}

const accountTraits = (person: Person, signing_up: boolean): Props => ({
  email: person.email,
  first_name: person.given_name,
  last_name: person.family_name,
  ...(signing_up || person.index % 3 === 0
    ? {
        phone: person.phone,
        address: {
          city: person.city,
          postal_code: person.postcode,
          country: cell(REGIONS, person.region).country,
        },
        newsletter: person.newsletter,
      }
    : {}),
  ...(person.loyalty_id === null ? {} : { loyalty_id: person.loyalty_id }),
});

/** A guest leaves a mail address without an account: traits on the anonymous id only. */
export function guestCheckout(s: Session): void {
  const { email, given_name: first_name, family_name: last_name } = s.person;
  identify(s, { email, first_name, last_name });
}

/** Some sign out at the end of a visit, more of them on a shared device. */
export function signOut(s: Session): void {
  if (s.run.identities.signedIn(s.device.index) < 0) return;
  const share = s.device.owners.length > 1 ? 0.3 : 0.04;
  if (s.rng.next() < share) {
    dwell(s, 1_000, 6_000);
    leaveAccount(s);
  }
}

/** The client is reset, as `analytics.reset()` does: a new anonymous id, no user id. */
function leaveAccount(s: Session): void {
  const { identities } = s.run;
  track(s, 'Signed Out', {});
  identities.rotate(s.rng, s.device.index);
  const fresh = identities.current(s.device.index);
  fresh.people.push(s.person.index);
}
