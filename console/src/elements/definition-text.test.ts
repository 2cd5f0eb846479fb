import { expect, test } from 'vitest';
import { PLAN_STARTER } from '../tracking-plan/plan-starter.ts';
import { readDefinitionText, writeDefinitionText } from './definition-text.ts';

test('the text of a plan survives both formats', async () => {
  const body = await readDefinitionText(PLAN_STARTER);
  for (const format of ['yaml', 'json'] as const) {
    expect(await readDefinitionText(await writeDefinitionText(body, format))).toEqual(body);
  }
});

test('a file for the command line gives its body', async () => {
  expect(await readDefinitionText('kind: tracking-plan\nname: shop\nbody:\n  events: []\n')).toEqual({
    events: [],
  });
});

test('text that is no object is refused in words', async () => {
  await expect(readDefinitionText('just words')).rejects.toThrow('must be one object');
});
