/** A real server over a simulated city in a folder that is gone afterwards. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { preview } from 'vite';
import type { TestProject } from 'vitest/node';

const root = resolve(import.meta.dirname, '../..');
const holdfast = process.env.HOLDFAST ?? join(root, 'target/debug/holdfast');
const PASSWORD = 'correct horse battery';
const USERS = [
  ['chief', 'supervisor'],
  ['deputy', 'supervisor'],
  ['li.na', 'officer'],
  ['figures', 'statistician'],
  ['admin', 'administrator'],
] as const;

declare module 'vitest' {
  export interface ProvidedContext {
    url: string;
    password: string;
  }
}

export default async function setup(project: TestProject) {
  const running = process.env.HOLDFAST_URL;
  if (running) {
    // A server that runs already, with a chief and an admin of this password.
    project.provide('url', running);
    project.provide('password', process.env.HOLDFAST_PASSWORD ?? PASSWORD);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-e2e-'));
  const city = join(folder, 'city');
  const database = ['--database', join(folder, 'holdfast.db')];
  const run = (words: string[], input?: string) =>
    execFileSync(holdfast, words, { cwd: root, input, stdio: ['pipe', 'ignore', 'inherit'] });
  const households = process.env.HOUSEHOLDS ?? '1200';
  run(['simulate', '--out', city, '--households', households]);
  const areas = join(city, 'areas.csv');
  const borders = boundaries();
  run([
    'import',
    join(city, 'facts.parquet'),
    ...(existsSync(areas) ? ['--areas', areas] : []),
    ...(borders ? ['--boundaries', borders] : []),
    '--pack',
    'packs/tongchuan',
    // A year of scores, so that there is a past to look at.
    '--watch-from',
    '2019-07',
    ...database,
  ]);
  for (const [name, role] of USERS) {
    run(['user', 'put', name, '--role', role, '--area', '*', '--keep-password', ...database], PASSWORD);
  }
  const people = join(city, 'people.parquet');
  if (existsSync(people)) run(['import', '--people', people, ...database]);
  const [server, url] = await serve(database);
  const ui = process.env.HOLDFAST_UI === undefined ? undefined : await beside(url);
  project.provide('url', ui?.url ?? url);
  project.provide('password', PASSWORD);
  return async () => {
    await ui?.close();
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** The UI as it was built last, before a server whose own is older: no Rust is built for a look. */
async function beside(server: string) {
  const proxy = Object.fromEntries(['/api', '/docs', '/openapi.json', '/metrics'].map((it) => [it, server]));
  const it = await preview({ root: join(root, 'web'), preview: { host: '127.0.0.1', port: 4391, proxy } });
  const url = it.resolvedUrls?.local[0]?.replace(/\/$/, '');
  if (!url) throw new Error('the UI is not served');
  return { url, close: () => it.close() };
}

/** Real boundaries, where they lie beside the project; they may not be shipped. */
function boundaries(): string | undefined {
  const shared = process.env.HOLDFAST_SHARED ?? join(root, '../shared/data');
  const path = join(shared, 'geojson_shaanxi/tongchuan_counties_fastgeocn.geojson');
  return existsSync(path) ? path : undefined;
}

function serve(database: string[]): Promise<[ChildProcess, string]> {
  const words = ['serve', '--pack', 'packs/tongchuan', '--listen', '127.0.0.1:0', '--requests', '1000000'];
  const notice = ['--notice', 'Simulated / 模拟数据'];
  const server = spawn(holdfast, [...words, ...notice, ...database], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return new Promise((done, fail) => {
    let said = '';
    server.stdout?.on('data', (it: Buffer) => {
      said += it.toString();
      const found = /http:\/\/\S+/.exec(said);
      if (found) done([server, found[0]]);
    });
    server.on('exit', (code) => fail(new Error(`the server ended with ${code}: ${said}`)));
  });
}
