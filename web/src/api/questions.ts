/**
 * What pages ask the server first: path and parameters, nothing else, so that `early.ts` asks the very same
 * questions before the code of the pages has come.
 */
import type { Address } from '@/address';

export type Params = Record<string, string | number | boolean | null | undefined>;
export type Question = [path: string, params?: Params];
type Parent = string | null | undefined;

/** The address of a route with its parameters; empty ones are left out. */
export function address(path: string, params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== '') query.set(key, String(value));
  }
  const text = query.toString();
  return `/api/v1${path}${text ? `?${text}` : ''}`;
}

export const ME: Question = ['/me'];
export const ABOUT: Question = ['/about'];
export const PERIOD: Question = ['/period'];
export const POLICY: Question = ['/policy'];
export const RULES: Question = ['/rules'];
export const FORMS: Question = ['/forms'];

export const area = (code: string): Question => [`/areas/${code}`];
export const areas = (parent: Parent): Question => ['/areas', { parent }];
export const boundaries = (parent: Parent): Question => ['/boundaries', { parent }];
export const indicator = (id: string): Question => [`/policy/indicators/${id}`];

export const summary = (area?: string, period?: string): Question => ['/situation/summary', { area, period }];
export const history = (area?: string, period?: string): Question => [
  '/situation/history',
  { area, period, periods: 24 },
];
/** The areas in an area; `level` asks for those of a depth in the tree. */
export const children = (area: Parent, period?: string, level?: number): Question => [
  '/situation/children',
  { area, period, level },
];

export interface WarningFilter {
  state?: string;
  band?: string;
  area?: string;
  rule?: string;
  assignee?: string;
  kind?: string;
  overdue?: string;
}

/** The filter that an address asks for; nothing said of the state means those that are open. */
export function filterOf({ state = 'open', area, band, rule, assignee, kind, overdue }: Address): WarningFilter {
  return { state: state === 'all' ? undefined : state, area, band, rule, assignee, kind, overdue };
}

export const warnings = (filter: WarningFilter, limit = 50, cursor?: string): Question => [
  '/warnings',
  { ...filter, limit, cursor },
];
export const warningCounts = (filter: WarningFilter): Question => ['/warnings/counts', { ...filter }];
/** The warnings raised last. */
export const newest = (area?: string): Question => ['/warnings', { state: 'open', area, limit: 14 }];
/** So many stand on a list in the hand. */
export const mine = (area?: string): [WarningFilter, number] => [{ state: 'open', area }, 30];

/** Households in the order of their scores, fifty at a time. */
export const scores = ({ area, period, band }: Address, cursor?: string): Question => [
  '/households',
  { area, period, band, limit: 50, cursor },
];

interface Moment {
  period?: string;
  as_of?: string;
}

const one = (id: string) => `/households/${encodeURIComponent(id)}`;
export const household = (id: string): Question => [one(id)];
export const members = (id: string): Question => [`${one(id)}/members`];
export const sliders = (id: string): Question => [`${one(id)}/sliders`];
export const explanation = (id: string, { period, as_of }: Moment, language: string): Question => [
  `${one(id)}/explanation`,
  { period, as_of, language },
];
export const householdHistory = (id: string, { period, as_of }: Moment): Question => [
  `${one(id)}/history`,
  { period, as_of, periods: 24 },
];
