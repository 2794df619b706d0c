// Runs a script in TypeScript: `node scripts/run.mjs e2e/speed.ts`.
import { runnerImport } from 'vite';

const { module } = await runnerImport(`./${process.argv[2]}`, { configFile: false, logLevel: 'error' });
await module.default();
