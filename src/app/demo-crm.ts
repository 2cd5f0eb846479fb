/** The demo's sales team keeps a list of customers with spelling mistakes: it is uploaded and matched with the people. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '../kernel/operation.ts';
import { marketFolder } from './demo-history.ts';
import type { Running } from './main.ts';

export const DEMO_ACTOR: Actor = { id: 'demo', name: 'demo', kind: 'system', roles: ['admin'] };

const LIST = 'crm';
const RULES = 'crm';

/** Once; needs the history and its people. */
export async function matchDemoCrm({ app, ...running }: Running, say: (line: string) => void): Promise<void> {
  const ask = async <T>(name: string, input: object): Promise<T> => {
    const operation = app.operations.find((each) => each.name === name);
    if (operation === undefined) throw new Error(`no operation ${name}`);
    const context = { actor: DEMO_ACTOR, request_id: 'demo' };
    return (await operation.handle(operation.input.parse(input), context)) as T;
  };
  const { lists } = await ask<{ lists: { name: string }[] }>('matching.lists', {});
  if (lists.some(({ name }) => name === LIST)) return;
  const text = readFileSync(join(marketFolder({ app, ...running }), 'crm.csv'), 'utf8');
  await ask('matching.upload-list', { name: LIST, text, id_column: 'crm_id', identifier_type: 'crm_id' });
  await ask('matching.run', { rules: RULES });
  say('The sales list (crm.csv) is uploaded and being matched: see Matching in the console.');
}
