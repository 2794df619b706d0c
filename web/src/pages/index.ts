/** Every page by its address; each is loaded when it is first asked for. */
type Load = () => Promise<{ default: React.ComponentType }>;

export const PAGES: [path: string, load: Load][] = [
  ['/', () => import('./situation/Situation')],
  ['/warnings', () => import('./warnings/Warnings')],
  ['/households/$id', () => import('./panel/Household')],
  ['/households/$id/card', () => import('./panel/Card')],
  ['/panel', () => import('./panel/Panel')],
  ['/panel/visit-list', () => import('./panel/visits/VisitList')],
  ['/people/$id', () => import('./panel/Person')],
  ['/duplicates', () => import('./panel/Duplicates')],
  ['/scores', () => import('./scores/Scores')],
  ['/facts', () => import('./facts/Facts')],
  ['/facts/visit', () => import('./facts/Visit')],
  ['/facts/imports', () => import('./facts/imports/Imports')],
  ['/indicators', () => import('./indicators/Policy')],
  ['/mine', () => import('./warnings/Mine')],
  ['/search', () => import('./panel/Search')],
  ['/admin', () => import('./admin/Admin')],
];

/** The page of an address, `/households/H1` for `/households/$id`. */
export function pageOf(address: string): (typeof PAGES)[number] | undefined {
  const parts = address.replace(/(.)\/$/, '$1').split('/');
  const fits = (path: string) => {
    const wanted = path.split('/');
    return wanted.length === parts.length && wanted.every((it, n) => it.startsWith('$') || it === parts[n]);
  };
  return PAGES.find(([path]) => fits(path));
}
