/**
 * Who is who, read from the rules of `order.test.ts` as a person would: sets and loops, nothing shared with the product.
 * Over the limit the lowest identifier of an event is given up and the rest tried again; whoever was not to blame is
 * taken back in the end.
 */
import { key64 } from '../kernel/ids.ts';
import type { SomeEvent } from './fixture.ts';

type Set_ = { readonly ids: string[]; t: number; readonly alias: boolean };

const ORDER = ['user_id', 'crm_id', 'email', 'anonymous_id'];
const rank = (id: string) => ORDER.indexOf(id.slice(0, id.indexOf(':')));
const typeOf = (id: string) => id.slice(0, id.indexOf(':'));

export function naivePeople(events: readonly SomeEvent[], names: readonly string[]): Record<string, string> {
  const first = new Map<string, number>();
  const sets = new Map<string, Set_>();
  const put = (ids: string[], t: number, alias: boolean) => {
    const key = `${alias ? 'alias ' : ''}${ids.map(key64).sort().join(' ')}`;
    const known = sets.get(key);
    if (known === undefined) sets.set(key, { ids, t, alias });
    else known.t = Math.min(known.t, t);
  };
  for (const { u: sent, a, email, crm, previous, t } of events) {
    const u = sent === 'null' ? undefined : sent;
    const ids = [
      ...(u === undefined ? [] : [`user_id:${u}`]),
      ...(a === undefined ? [] : [`anonymous_id:${a}`]),
      ...(crm === undefined ? [] : [`crm_id:${crm}`]),
      ...(email === undefined ? [] : [`email:${email}`]),
    ];
    for (const id of ids) first.set(id, Math.min(first.get(id) ?? Infinity, t));
    if (ids.length > 1) put(ids, t, false);
    if (previous !== undefined) {
      const before = [`user_id:${previous}`, `anonymous_id:${previous}`].filter(
        (id) => id !== `user_id:${u}` && id !== `anonymous_id:${a}`,
      );
      put([ids[0] as string, ...before], t, true);
    }
  }
  const blocked = blockedOf([...sets.values()]);
  const alias = aliasOf([...sets.values()]);
  const age = (id: string) => first.get(id) ?? Infinity;
  const before = (x: string, y: string) =>
    rank(x) - rank(y) || (age(x) === age(y) ? 0 : age(x) - age(y)) || (x < y ? -1 : 1);
  const everybody = new Set([...names, ...[...sets.values()].flatMap((set) => set.ids)]);
  let people: Set<string>[] = [...everybody].map((name) => new Set([name]));
  const personOf = (id: string) => people.find((person) => person.has(id)) as Set<string>;
  const shared = new Map<string, number>();

  const reason = (ids: readonly string[]): string | undefined => {
    const union = new Set(ids.flatMap((id) => [...personOf(id)]));
    const of = (type: string) => [...union].filter((id) => typeOf(id) === type);
    if (new Set(of('user_id').map(alias)).size > 1) return 'user';
    if (new Set(of('email')).size > 2) return 'email';
    const times = of('anonymous_id')
      .map(age)
      .filter(Number.isFinite)
      .sort((x, y) => x - y);
    return times.some((t, i) => i >= 2 && t - (times[i - 2] as number) < 24 * 60) ? 'window' : undefined;
  };
  const unite = (ids: readonly string[]) => {
    const parts = new Set(ids.map(personOf));
    people = [
      ...people.filter((person) => !parts.has(person)),
      new Set([...parts].flatMap((part) => [...part])),
    ];
  };
  const exists = (person: Set<string>) => [...person].some((id) => typeOf(id) !== 'crm_id');

  const inTurn = [...sets.values()]
    .map((set) => {
      const ids = set.ids.filter((id) => !blocked.has(id));
      const isWhole = ids.length === set.ids.length;
      return {
        ids,
        t: set.t,
        key: `${set.alias && isWhole ? 'alias ' : ''}${ids.map(key64).sort().join(' ')}`,
      };
    })
    .filter(({ ids }) => ids.length > 1)
    .sort((x, y) => x.t - y.t || (x.key < y.key ? -1 : 1));
  for (const { ids, t } of inTurn) {
    const isShared = (id: string) => (shared.get(id) ?? Infinity) <= t;
    const merging = ids.filter((id) => typeOf(id) !== 'crm_id' && !isShared(id)).sort(before);
    let kept = [...merging];
    const given_up: string[] = [];
    while (kept.length > 1 && reason(kept) !== undefined) given_up.unshift(kept.pop() as string);
    for (const id of given_up) {
      const why = reason([...kept, id]);
      if (why === undefined) kept = [...kept, id];
      else if (why === 'user' && typeOf(id) === 'anonymous_id' && personOf(id).size > 1 && !shared.has(id))
        shared.set(id, t);
    }
    if (kept.length > 1) unite(kept);
    let base = kept[0];
    for (const id of ids.filter((one) => typeOf(one) === 'crm_id').sort(before)) {
      if (base === undefined) base = id;
      else if (!(exists(personOf(base)) && exists(personOf(id))) && reason([base, id]) === undefined)
        unite([base, id]);
    }
  }
  const lead = (person: Set<string>) =>
    [...person].sort(
      (x, y) => Number(age(x) === Infinity) - Number(age(y) === Infinity) || before(x, y),
    )[0] as string;
  return Object.fromEntries(names.map((name) => [name, key64(lead(personOf(name)))]));
}

/** Seen with more than two user ids, or more than ten others of a type. */
function blockedOf(sets: readonly Set_[]): Set<string> {
  const blocked = new Set<string>();
  for (const id of new Set(sets.flatMap((set) => set.ids))) {
    const others = new Set(sets.filter((set) => set.ids.includes(id)).flatMap((set) => set.ids));
    others.delete(id);
    if ([...others].filter((other) => typeOf(other) === 'user_id').length > 2) blocked.add(id);
  }
  return blocked;
}

function aliasOf(sets: readonly Set_[]): (id: string) => string {
  const classes = new Map<string, Set<string>>();
  for (const { ids, alias } of sets) {
    if (!alias) continue;
    const users = ids.filter((id) => typeOf(id) === 'user_id');
    const all = new Set(users.flatMap((id) => [...(classes.get(id) ?? [id])]));
    for (const id of all) classes.set(id, all);
  }
  return (id) => [...(classes.get(id) ?? [id])].sort()[0] as string;
}
