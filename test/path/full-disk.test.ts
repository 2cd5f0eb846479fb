import { join } from 'node:path';
import { expect } from 'vitest';
import { testOnSmallDisk } from '../../src/stores/small-disk.suite.ts';
import { type RunningPlumbline, startPlumbline } from '../start-plumbline.ts';

testOnSmallDisk(
  'a running server with a full disk says so, refuses, lives on, and loses nothing',
  192,
  async (disk) => {
    const program = await startPlumbline({ dataDir: join(disk.folder, 'data') });
    try {
      const send = await sender(program);
      expect(await readiness(program)).toMatchObject({ status: 200, body: { status: 'ready' } });
      expect(await send()).toMatchObject({ status: 200 });

      disk.fillUp();
      // A file's last block may still have room for a few.
      let refused = await send();
      while (refused.status === 200) refused = await send();
      expect(refused).toMatchObject({ status: 503, code: 'log_unavailable', retry_after: '5' });
      expect(await readiness(program)).toMatchObject({
        status: 503,
        retry_after: '5',
        body: { status: 'not_ready', checks: expect.arrayContaining([{ name: 'log', ok: false }]) },
      });
      expect((await fetch(`${program.url}/healthz`)).status).toBe(200);
      expect((await fetch(`${program.url}/health`)).status).toBe(503);

      disk.free();
      await expect.poll(async () => (await readiness(program)).status, { timeout: 10_000 }).toBe(200);
      expect(await send()).toMatchObject({ status: 200 });
      const { accepted } = send;
      await expect.poll(async () => (await totals(program)).stored, { timeout: 20_000 }).toBe(accepted());
      expect(await totals(program)).toMatchObject({ received: accepted(), pending: 0, difference: 0 });
    } finally {
      expect(await program.stop()).toBe(0);
    }
  },
);

/** Sends one event a call, each with an id of its own, and counts those that were acknowledged. */
async function sender({ url, writeKey }: RunningPlumbline) {
  const write_key = await writeKey('Shop');
  let sent = 0;
  let accepted = 0;
  const send = async () => {
    const response = await fetch(`${url}/v1/track`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${write_key}:`)}` },
      body: JSON.stringify({ event: 'Order Completed', userId: 'u1', messageId: `m${++sent}` }),
    });
    if (response.status === 200) accepted++;
    const { error } = (await response.json()) as { error?: { code: string } };
    return { status: response.status, code: error?.code, retry_after: response.headers.get('retry-after') };
  };
  return Object.assign(send, { accepted: () => accepted });
}

async function readiness({ url }: RunningPlumbline) {
  const response = await fetch(`${url}/readyz`);
  return {
    status: response.status,
    retry_after: response.headers.get('retry-after'),
    body: await response.json(),
  };
}

async function totals({ api }: RunningPlumbline) {
  interface Totals {
    readonly received: number;
    readonly stored: number;
    readonly pending: number;
    readonly difference: number;
  }
  return (await api<{ totals: Totals }>('GET', '/api/reconciliation')).totals;
}
