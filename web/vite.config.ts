import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// `npm run dev` serves the UI beside a server that is running already.
const server = process.env.HOLDFAST_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // The folder above it stays when this one is made anew: the server's build watches it.
  build: {
    outDir: 'dist/ui',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        // What most pages share comes as two files; as sixty small ones they would wait in line. Of
        // what runs first (boot.ts) nothing lies in them: it asks for them and does not wait.
        codeSplitting: {
          groups: [
            { name: 'first', test: /src\/(boot|api\/early|pages\/index)\.ts|preload-helper/, priority: 1 },
            { name: 'shared', test: /node_modules/, minShareCount: 6 },
            { name: 'parts', test: /src\/(components|i18n|layout|theme|api|pages)\//, minShareCount: 3 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': server, '/openapi.json': server, '/docs': server } },
  preview: { proxy: { '/api': server } },
});
