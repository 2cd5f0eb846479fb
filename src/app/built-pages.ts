/** The console and the demo shop are built on this machine, when they are missing or older than their sources. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const CONSOLE_FOLDER = join(ROOT, 'console');
export const SHOP_FOLDER = join(ROOT, 'simulate/shop-page');

/** Builds `folder` with Vite into `folder/dist` unless that is up to date. Returns whether it built. */
export async function buildPages(folder: string): Promise<boolean> {
  const page = join(folder, 'dist/index.html');
  if (existsSync(page) && statSync(page).mtimeMs >= newest(folder)) return false;
  const vite = join(
    dirname(createRequire(join(CONSOLE_FOLDER, 'package.json')).resolve('vite/package.json')),
    'bin/vite.js',
  );
  await promisify(execFile)(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    cwd: folder,
    // Tests and tools set it for themselves; what is served is always the small and quick build.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  return true;
}

function newest(folder: string): number {
  let latest_ms = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'dist' || entry.name === 'node_modules' || entry.name === 'browser') continue;
    const path = join(folder, entry.name);
    latest_ms = Math.max(latest_ms, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest_ms;
}
