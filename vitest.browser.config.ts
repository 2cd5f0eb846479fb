import { defineConfig } from 'vitest/config';

/** Tests in real Chromium against the real program: `npm run test:browser`. One file at a time: each starts its own. */
export default defineConfig({
  test: {
    include: ['console/browser/**/*.browser.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { UV_THREADPOOL_SIZE: '16' },
  },
});
