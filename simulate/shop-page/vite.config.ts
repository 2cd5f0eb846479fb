import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** `vite build -c simulate/shop-page/vite.config.ts` writes the page to simulate/shop-page/dist. */
export default {
  root: here,
  base: '/demo/shop/',
  build: { outDir: `${here}dist`, emptyOutDir: true, target: 'es2022' },
};
