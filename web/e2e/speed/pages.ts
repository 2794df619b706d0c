/** Pages, and what has to stand there to call them shown. */
export const PAGES: [name: string, path: string, shown: string][] = [
  ['situation', '/', '.headline a'],
  ['situation, with map, trends and table', '/', '.situation:has(.area-map a):has(.band-bar):has(.multiples)'],
  ['a county', '/?area=610204', '.area-map a'],
  ['warnings', '/warnings', '.list tbody tr[data-warning]'],
  ['scores', '/scores', 'tbody tr a'],
  ['household', '/households/H000042', '.contributions li, .why-panel'],
  ['visit list', '/panel/visit-list?area=610203', '.visit-list tbody tr'],
  ['facts', '/facts', 'tbody tr'],
  ['policy', '/indicators', '.tree button'],
  ['my list', '/mine', '.cards li'],
];
