/** The demo's sales team keeps a list of customers with spelling mistakes: it is uploaded and matched with the people. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '../kernel/operation.ts';
import { createAsk } from './ask.ts';
import { marketFolder } from './demo-history.ts';
import type { Running } from './main.ts';

export const DEMO_ACTOR: Actor = { id: 'demo', name: 'demo', kind: 'system', roles: ['admin'] };

/** Name of the list and of the rules in examples/shop. */
const CRM = 'crm';

/** Once; needs the history and its people. A start that was cut off in between goes on. */
export async function matchDemoCrm(running: Running, say: (line: string) => void): Promise<void> {
  const ask = createAsk(running.app.operations, { actor: DEMO_ACTOR, request_id: 'demo' });
  const { runs } = await ask<{ runs: readonly object[] }>('matching.runs', { rules: CRM });
  if (runs.length > 0) return;
  const text = readFileSync(join(marketFolder(running), 'crm.csv'), 'utf8');
  await ask('matching.upload-list', { name: CRM, text, id_column: 'crm_id', identifier_type: 'crm_id' });
  await ask('matching.run', { rules: CRM });
  say('The sales list (crm.csv) is uploaded and being matched: see Matching in the console.');
}
