import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type FixedClock, fixedClock } from '../kernel/clock.ts';
import { silentLogger } from '../kernel/logger.ts';
import type { Actor } from '../kernel/operation.ts';
import { openControlDb } from '../stores/control/open.ts';
import type { ControlDb } from '../stores/control/port.ts';
import type { GovernedKind } from './definition-plan.ts';
import { createGovern, type Govern } from './index.ts';

export const ANN: Actor = { id: 'usr_ann', name: 'Ann', kind: 'user', roles: ['editor'] };
export const BEN: Actor = { id: 'usr_ben', name: 'Ben', kind: 'user', roles: ['editor'] };
export const ROOT: Actor = { id: 'usr_root', name: 'Root', kind: 'user', roles: ['admin'] };
export const PASSWORD = 'correct horse battery';

/** A kind whose bodies need a whole number `size`. */
const kindOf = (kind: string, risk: 'low' | 'high'): GovernedKind => ({
  kind,
  summary: 'for tests',
  risk,
  check: (body) =>
    Number.isInteger((body as { size?: unknown }).size) ? [] : [{ field: 'size', message: 'must be whole' }],
});

export interface GovernFixture extends Govern {
  readonly control: ControlDb;
  readonly clock: FixedClock;
  readonly data_dir: string;
}

/** Govern on a real database in a folder that goes with the test. */
export async function openGovern(options: { require_approval?: boolean } = {}): Promise<GovernFixture> {
  const data_dir = mkdtempSync(join(tmpdir(), 'govern-'));
  const control = await openControlDb(`sqlite:${join(data_dir, 'control.db')}`, { logger: silentLogger });
  onTestFinished(async () => {
    await control.close();
    rmSync(data_dir, { recursive: true, force: true });
  });
  const clock = fixedClock('2026-11-22T10:00:00.000Z');
  const definition_kinds = [kindOf('box', 'low'), kindOf('bomb', 'high')];
  const govern = createGovern({
    control,
    clock,
    logger: silentLogger,
    stages: () => [{ definition_kinds, personal_fields: [], plain_fields: [] }],
    data_dir,
    require_approval: options.require_approval ?? false,
  });
  for (const { script } of govern.stage.migrations) await control.script(script);
  await govern.start();
  return { ...govern, control, clock, data_dir };
}
