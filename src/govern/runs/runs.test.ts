import { expect, test } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { ANN, openGovern } from '../fixture.ts';
import { createRuns } from './runs.service.ts';

const ended = async (
  runs: ReturnType<typeof createRuns>,
  id: string,
): Promise<Awaited<ReturnType<typeof runs.show>>> => {
  await expect.poll(async () => (await runs.show(id)).state).not.toBe('running');
  return runs.show(id);
};

test('a run says what it does, and how it ended', async () => {
  const { control, clock } = await openGovern();
  const runs = createRuns({ control, clock, logger: silentLogger });
  const gate = Promise.withResolvers<void>();
  const { id } = await runs.start('test.count', 'sheep', ANN, async (run) => {
    run.progress(0.5, 'Counting');
    await gate.promise;
    return { sheep: 12 };
  });
  await expect.poll(async () => (await runs.show(id)).doing).toBe('Counting');
  await expect(runs.start('test.count', 'sheep', ANN, async () => 0)).rejects.toMatchObject({
    code: 'conflict',
  });
  gate.resolve();
  expect(await ended(runs, id)).toMatchObject({
    state: 'done',
    progress: 1,
    result: { sheep: 12 },
    error: '',
  });
  expect(
    (await runs.list({ kind: 'test.count', subject: undefined, limit: 10 })).map((run) => run.id),
  ).toEqual([id]);
});

test('a cancelled run ends as cancelled, a failed one with words for people', async () => {
  const { control, clock } = await openGovern();
  const runs = createRuns({ control, clock, logger: silentLogger });
  const long = await runs.start(
    'test.wait',
    'a',
    ANN,
    (run) =>
      new Promise((resolve) => {
        run.signal.addEventListener('abort', resolve);
      }),
  );
  expect((await runs.cancel(long.id)).state).toBe('cancelled');
  const broken = await runs.start('test.wait', 'b', ANN, async () => {
    throw new Error('secret of the inside');
  });
  const run = await ended(runs, broken.id);
  expect(run.state).toBe('failed');
  expect(run.error).not.toContain('secret');
});

test('what a stop cut off is failed at the next start', async () => {
  const { control, clock } = await openGovern();
  const before = createRuns({ control, clock, logger: silentLogger });
  const { id } = await before.start('test.wait', 'c', ANN, () => new Promise(() => {}));
  const after = createRuns({ control, clock, logger: silentLogger });
  await after.recover();
  expect(await after.show(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('stopped') });
  await expect(after.show('run_none')).rejects.toMatchObject({ code: 'not_found' });
});
