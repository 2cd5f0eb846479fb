import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'simulate/**/*.test.ts',
      'bench/**/*.test.ts',
      'test/**/*.test.ts',
      'docs/guide/**/*.test.ts',
      'console/src/**/*.test.ts',
    ],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: { UV_THREADPOOL_SIZE: '16' },
  },
});
