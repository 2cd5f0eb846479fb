import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { startHttpServer } from './http-server.suite.ts';
import { openWarehouse } from './open.ts';
import { warehouseSuite } from './port.suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-http-'));
const server = await startHttpServer(folder);
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

warehouseSuite('clickhouse over http', (where) => server.url(where));

test('a server that cannot be reached is refused at once', async () => {
  await expect(openWarehouse('http://127.0.0.1:9/plumbline', { logger: silentLogger })).rejects.toMatchObject(
    {
      code: 'store_unavailable',
    },
  );
});
