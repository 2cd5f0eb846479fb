import type { LoggedEvent } from '../../collect/contract.ts';
import { digest } from '../../kernel/ids.ts';
import { type JsonObject, textOf } from './event-json.ts';

/** `type:id`, as `account:acme`. */
export type GroupKey = string;

/** Groups of one node beyond this many are left out: those whose keys come last. */
export const GROUPS_MAX = 200;

export interface GroupName {
  readonly type: string;
  readonly id: string;
  readonly key: GroupKey;
}

const TYPE = /^[a-z][a-z0-9_]{0,39}$/;

/** What a group event speaks of. Its type is `context.groupType`, else the trait `groupType`, else `account`. */
export function groupOf(
  event: Pick<LoggedEvent, 'group_id'>,
  traits: JsonObject,
  context: JsonObject,
): GroupName {
  const said = (textOf(context, 'groupType') || textOf(traits, 'groupType')).toLowerCase();
  return groupName(TYPE.test(said) ? said : 'account', event.group_id);
}

export const groupName = (type: string, id: string): GroupName => ({ type, id, key: `${type}:${id}` });

/** Reads `type:id`; an id alone is an account's. */
export function readGroupKey(text: string): GroupName {
  const colon = text.indexOf(':');
  const type = text.slice(0, Math.max(0, colon));
  return TYPE.test(type) ? groupName(type, text.slice(colon + 1)) : groupName('account', text);
}

/** Keys of the online store hold 1,024 bytes; a longer id is named by its digest. */
const ID_MAX = 300;

export const groupStateKey = ({ type, id }: GroupName): string =>
  `group:${type}:${id.length <= ID_MAX ? id : `\u0001${digest(id)}`}`;
