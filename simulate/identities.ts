/** Which anonymous id a device carries, who used it, and whose account is signed in on it. */
import type { Rng } from '../src/kernel/rng.ts';
import { cell } from './cell.ts';
import { drawUuid } from './draws.ts';
import type { Device, Person } from './people.ts';

export interface AnonymousId {
  readonly anonymous_id: string;
  readonly device: number;
  /** Everyone who visited under it. Two or more: a shared device. */
  readonly people: number[];
}

export interface Identities {
  /** Every id that any device ever had, also those that nobody used yet. */
  readonly all: AnonymousId[];
  current(device: number): AnonymousId;
  /** Index of the person whose account is open on the device; -1 when none. */
  signedIn(device: number): number;
  signIn(device: number, person: number): void;
  signOut(device: number): void;
  /** A new id: storage emptied, or the client was reset on sign-out. */
  rotate(rng: Rng, device: number): void;
  hasAccount(person: number): boolean;
  makeAccount(person: number): void;
  /** Day of the last visit on the device; then sets it. */
  visited(device: number, day: number): number;
}

const NEVER = -9999;

export function createIdentities(
  root: Rng,
  devices: readonly Device[],
  people: readonly Person[],
): Identities {
  const rng = root.fork('identities');
  const all: AnonymousId[] = [];
  const add = (stream: Rng, device: number): AnonymousId => {
    const record = { anonymous_id: drawUuid(stream), device, people: [] };
    all.push(record);
    return record;
  };
  const current = devices.map((device) => add(rng, device.index));
  const signed_in = new Int32Array(devices.length).fill(-1);
  const last_visit = new Int32Array(devices.length).fill(NEVER);
  const account = Uint8Array.from(people, (p) => (p.sign_up_day !== null && p.sign_up_day < 0 ? 1 : 0));
  return {
    all,
    current: (device) => cell(current, device),
    signedIn: (device) => cell(signed_in, device),
    signIn: (device, person) => {
      signed_in[device] = person;
    },
    signOut: (device) => {
      signed_in[device] = -1;
    },
    rotate: (stream, device) => {
      current[device] = add(stream, device);
      signed_in[device] = -1;
    },
    hasAccount: (person) => cell(account, person) === 1,
    makeAccount: (person) => {
      account[person] = 1;
    },
    visited: (device, day) => {
      const before = cell(last_visit, device);
      last_visit[device] = day;
      return before;
    },
  };
}
