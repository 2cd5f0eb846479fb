/** What people decided of pairs under some rules, as the identity graph stands now. */
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { Identifier, PersonDirectory } from '../contract.ts';
import { nodeIdOf } from '../graph/unit.ts';
import type { Label } from './precision.ts';
import { humanDecisions } from './propose.sql.ts';

export interface Decisions {
  /** With the weight that was seen: for the threshold. */
  readonly labels: readonly Label[];
  /** Proposals, by id, that were joined and whose sides somebody took apart since: as good as rejected. */
  readonly separated: readonly string[];
}

interface DecisionRow {
  readonly id: string;
  readonly weight: number;
  readonly state: 'rejected' | 'accepted' | 'linked';
  readonly left: string;
  readonly right: string;
  readonly by_rules: 0 | 1;
  /** Somebody took one of the two out of a person. */
  readonly unmerged: 0 | 1;
}

export async function readDecisions(
  { warehouse, directory }: { readonly warehouse: Warehouse; readonly directory: PersonDirectory },
  rules_name: string,
): Promise<Decisions> {
  const rows = await warehouse.query<DecisionRow>(humanDecisions(rules_name), { timeout_ms: 120_000 });
  const labels: Label[] = [];
  const separated: string[] = [];
  for (const { id, weight, state, left, right, by_rules, unmerged } of rows) {
    const is_apart = state === 'linked' && (await areApart(directory, left, right));
    if (is_apart && unmerged === 1) {
      labels.push({ weight, match: false });
      separated.push(id);
      // Apart without anybody's doing, by other rules of identity: that says nothing of the pair.
    } else if (!is_apart && by_rules === 0) labels.push({ weight, match: state !== 'rejected' });
  }
  return { labels, separated };
}

/** Whether two identifiers, `type:value`, belong to two people. */
export async function areApart(directory: PersonDirectory, left: string, right: string): Promise<boolean> {
  const sides = [left, right].map(identifierOf);
  const [at_l, at_r] = await directory.personsOf(sides.map(({ type, value }) => nodeIdOf(type, value)));
  if (at_l === at_r) return false;
  // A list may write an identifier in another form than the rules do, and only they know.
  const [l, r] = await Promise.all(sides.map((side) => directory.find(side)));
  return l === undefined || r === undefined || l.person !== r.person;
}

/** `type:value`; the value may hold colons. */
export function identifierOf(text: string): Identifier {
  const colon = text.indexOf(':');
  return { type: text.slice(0, colon), value: text.slice(colon + 1) };
}
