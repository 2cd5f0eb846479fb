import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env['PLUMBLINE_URL'] ?? 'http://127.0.0.1:4700';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    target: 'es2023',
    // Nothing is inlined as a data: address, so that the content security policy stays at 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  server: { port: 4710, proxy: { '/api': server, '/v1': server, '/sign-in': server } },
});
