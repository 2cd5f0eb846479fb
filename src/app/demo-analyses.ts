/**
 * What a team would do with the demo's history: match the sales team's misspelt list of customers with the people, and look
 * for segments in what they did.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Actor } from '../kernel/operation.ts';
import { type Ask, createAsk } from './ask.ts';
import { marketFolder } from './demo-history.ts';
import type { Running } from './main.ts';

export const DEMO_ACTOR: Actor = { id: 'demo', name: 'demo', kind: 'system', roles: ['admin'] };

/** Name of the list and of the rules in examples/shop. */
const CRM = 'crm';

const ASK_AGAIN_MS = 500;

const askOf = (running: Running): Ask =>
  createAsk(running.app.operations, { actor: DEMO_ACTOR, request_id: 'demo' });

/** Once; needs the history and its people. A start that was cut off in between goes on. */
export async function matchDemoCrm(running: Running, say: (line: string) => void): Promise<void> {
  const ask = askOf(running);
  const { runs } = await ask<{ runs: readonly object[] }>('matching.runs', { rules: CRM });
  if (runs.length > 0) return;
  const text = readFileSync(join(marketFolder(running), 'crm.csv'), 'utf8');
  await ask('matching.upload-list', { name: CRM, text, id_column: 'crm_id', identifier_type: 'crm_id' });
  await ask('matching.run', { rules: CRM });
  say('The sales list (crm.csv) is uploaded and being matched: see Matching in the console.');
  await allDone(ask, 'matching.run');
}

/** Segmentations that never ran, one after the other. */
export async function findDemoSegments(running: Running, say: (line: string) => void): Promise<void> {
  const ask = askOf(running);
  const { segmentations } = await ask<{
    segmentations: readonly { readonly name: string; readonly last_run: object | null }[];
  }>('segmentations.list');
  const fresh = segmentations.filter(({ last_run }) => last_run === null);
  for (const { name } of fresh) {
    await ask('segmentations.run', { name });
    await allDone(ask, 'segment.fit');
  }
  if (fresh.length > 0)
    say(`Segments that nobody wrote a rule for are found: see Discovered segments in the console.`);
}

/** Until no run of the kind is going on. */
async function allDone(ask: Ask, kind: string): Promise<void> {
  for (;;) {
    const { runs } = await ask<{ runs: readonly { readonly state: string }[] }>('runs.list', { kind });
    if (runs.every(({ state }) => state !== 'running')) return;
    await setTimeout(ASK_AGAIN_MS, undefined, { ref: false });
  }
}
