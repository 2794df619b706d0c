/**
 * What the page of an address asks for, asked while its code is still on the way. Only who was here before asks
 * ahead, and only for what the role may: whoever is not signed in asks who it is and nothing else.
 */
import { askEarly, peekEarly } from '@/api/early';
import { deeperLevel, outermostOf } from '@/api/outermost';
import * as ask from '@/api/questions';
import type { Address } from '@/address';
import { keptLanguage } from '@/i18n/kept';

/** Who was signed in last, as the server said it. */
export const KEPT_ME = 'holdfast.me';

interface Here {
  address: Address;
  /** What stands in the path: the household. */
  id: string;
}
type First = (here: Here) => (ask.Question | false | undefined)[];

const PAGES: Record<string, First> = {
  '/': ({ address: { area, period } }) => [ask.history(area, period), ask.newest(area), ask.RULES, ask.POLICY],
  '/warnings': ({ address }) => [
    ask.warnings(ask.filterOf(address)),
    ask.warningCounts(ask.filterOf(address)),
    ask.POLICY,
    ask.RULES,
  ],
  '/mine': ({ address }) => [ask.warnings(...ask.mine(address.area)), ask.POLICY],
  '/scores': ({ address }) => [ask.scores(address), ask.POLICY, ask.history(address.area, address.period)],
  '/households/$id': ({ address, id }) => [
    ask.explanation(id, address, keptLanguage()),
    ask.household(id),
    ask.members(id),
    !address.period && !address.as_of && ask.sliders(id),
    ask.POLICY,
    ask.householdHistory(id, address),
  ],
  '/indicators': ({ address: { indicator } }) => [ask.POLICY, indicator !== undefined && ask.indicator(indicator)],
  '/facts': () => [ask.FORMS],
};

/** What a role has to be allowed for a question to make sense. */
const NEEDS: [begins: string, action: string][] = [
  ['/situation', 'counts:read'],
  ['/period', 'counts:read'],
  ['/warnings', 'households:read'],
  ['/households', 'households:read'],
  ['/policy', 'policy:read'],
];

/** Asks what `page` (its path, `/households/$id`) shows first at this address. */
export function askFor(page: string | undefined, { pathname, search }: Pick<Location, 'pathname' | 'search'>) {
  const may = actions();
  if (page === undefined || may === undefined) return;
  const address: Address = Object.fromEntries(new URLSearchParams(search));
  const id = decodeURIComponent(pathname.split('/')[2] ?? '');
  const isAllowed = ([path]: ask.Question) =>
    NEEDS.every(([begins, action]) => !path.startsWith(begins) || may.includes(action));
  const all = [...(PAGES[page]?.({ address, id }) ?? []), ...shell(address)];
  for (const it of all) if (it && isAllowed(it)) void askEarly(...it);
  if (page === '/' && may.includes('counts:read')) void askForMap(address).catch(() => undefined);
}

/** What the bar on top shows. */
function shell({ area, period }: Address): (ask.Question | undefined)[] {
  return [ask.summary(area, period), ask.PERIOD, ask.ABOUT, area ? ask.area(area) : undefined];
}

/** The map asks one thing after another: which area, what lies in it, what lies below that. */
async function askForMap({ area, period }: Address) {
  const inside = area ?? (await outermostOf((parent) => peekEarly(...ask.areas(parent))));
  void askEarly(...ask.boundaries(inside));
  if (!area && inside) void askEarly(...ask.area(inside));
  const level = deeperLevel(await peekEarly(...ask.children(inside, period)));
  if (level) void askEarly(...ask.children(inside, period, level));
}

function actions(): string[] | undefined {
  try {
    const me = JSON.parse(localStorage.getItem(KEPT_ME) ?? 'null') as { actions?: string[] } | null;
    return me?.actions;
  } catch {
    return undefined;
  }
}
