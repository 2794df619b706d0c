import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { chunks, groups } from './scripts/chunks.ts';

// `npm run dev` serves the UI beside a server that is running already.
const server = process.env.HOLDFAST_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react(), chunks()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // The folder above it stays when this one is made anew: the server's build watches it.
  build: {
    outDir: 'dist/ui',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 900,
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  server: { proxy: { '/api': server, '/openapi.json': server, '/docs': server } },
  preview: { proxy: { '/api': server } },
});
