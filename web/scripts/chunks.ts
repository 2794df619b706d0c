/** Which files the UI is cut into, and which of them the page asks for before a script has run. */
import { fileURLToPath } from 'node:url';
import type { Plugin, Rolldown } from 'vite';

const ENTRY = /src\/main\.tsx$/;
/** What runs before everything else and waits for nothing. */
const FIRST = /src\/(boot|api\/(early|questions|outermost)|pages\/(index|early)|i18n\/kept)\.ts|preload-helper|rolldown\/runtime/;

let entry: string | undefined;

/** Remembers where the tree of what is drawn first begins, and lets the page preload its files. */
export function chunks(): Plugin {
  return {
    name: 'chunks',
    apply: 'build',
    moduleParsed(it) {
      if (ENTRY.test(it.id)) entry = it.id;
    },
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) => {
        const all = Object.values(bundle).filter((it) => it.type === 'chunk');
        const main = all.find((it) => entry !== undefined && it.facadeModuleId === entry);
        const files = main ? [main.fileName, ...main.imports] : [];
        const isFirst = (name: string) => all.some((it) => it.fileName === name && /^(first|index)$/.test(it.name));
        return files
          .filter((it) => !isFirst(it))
          .map((it) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/${it}` },
            injectTo: 'head' as const,
          }));
      },
    },
  };
}

/** Files of these name everything there is; of what is taken from them only that is needed. */
const ALL = /node_modules\/(antd\/es|@ant-design\/icons\/es)\/index\.js$/;
const TAKEN = /import\s*\{([^}]*)\}\s*from\s*["'](antd|@ant-design\/icons)["']/g;

/** Modules that `main.tsx` needs before anything is drawn, pages left out: those are asked for by address. */
function needed(context: Rolldown.ChunkingContext): Set<string> {
  const found = new Set<string>();
  const open = entry ? [entry] : [];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    const it = context.getModuleInfo(id);
    open.push(...(it?.importedIds ?? []).filter((to) => !ALL.test(to)), ...taken(it?.code ?? ''));
  }
  return found;
}

/** `import { Button } from 'antd'` as the file of the button. */
function taken(code: string): string[] {
  return [...code.matchAll(TAKEN)].flatMap(([, names = '', from]) =>
    names.split(',').flatMap((it) => {
      const name = it.trim().split(/\s+as\s+/)[0] ?? '';
      if (name === '') return [];
      const file = from === 'antd' ? `antd/es/${dashed(name)}/index.js` : `@ant-design/icons/es/icons/${name}.js`;
      return [`${MODULES}/${file}`];
    }),
  );
}

const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url));
/** `InputNumber` as `input-number`. */
const dashed = (name: string) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

const known = new WeakMap<Rolldown.ChunkingContext, Set<string>>();

/**
 * Three files for what is drawn first, as sixty they would wait in line: what runs at once, what no page does
 * without, and the page. What several pages share comes with the first of them.
 */
export const groups = [
  { name: 'first', test: FIRST, priority: 2 },
  {
    name: (id: string, context: Rolldown.ChunkingContext) => {
      const all = known.get(context) ?? needed(context);
      known.set(context, all);
      return all.has(id) && !ENTRY.test(id) ? 'shell' : null;
    },
    priority: 1,
  },
  { name: 'shared', test: /node_modules/, minShareCount: 4 },
  { name: 'parts', test: /src\/(components|i18n|layout|theme|api|pages)\//, minShareCount: 2 },
];
