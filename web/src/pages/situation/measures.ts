/** What an area may be coloured by. */
import type { Child } from '@/api/types';

export interface Measure {
  id: string;
  /** Whether its values are shares of one, shown as percent. */
  isShare: boolean;
  of: (child: Child) => number | null;
}

export const FIXED: Measure[] = [
  { id: 'warned', isShare: true, of: (it) => part(it.warned, it.households) },
  { id: 'risk', isShare: true, of: (it) => part(risk(it), it.households) },
  { id: 'overdue', isShare: true, of: (it) => part(it.overdue, it.households) },
  { id: 'doubt', isShare: true, of: (it) => doubt(it) },
];

function part(some: number, all: number): number | null {
  return all > 0 ? some / all : null;
}

function risk(it: Child): number {
  return (it.bands.red ?? 0) + (it.bands.orange ?? 0) + (it.bands.yellow ?? 0);
}

function doubt(it: Child): number | null {
  return it.confidence_mean == null ? null : 1 - it.confidence_mean;
}

/** A measure by its id; `module.relapse` is the mean score of a module. */
export function measureOf(id: string | undefined): Measure {
  if (id?.startsWith('module.')) {
    const module = id.slice('module.'.length);
    return { id, isShare: false, of: (it) => it.modules[module] ?? null };
  }
  const known = FIXED.find((it) => it.id === id) ?? FIXED[0];
  if (!known) throw new Error('there is always a first measure');
  return known;
}

/** From the lightest to the darkest colour. */
export interface Range {
  from: number;
  to: number;
}

/** Ends that people can read, around the values that are shown; from zero where all are alike. */
export function rangeOf(values: (number | null)[], isShare: boolean): Range {
  const known = values.filter((it): it is number => it !== null);
  const step = isShare ? 0.02 : 5;
  const to = Math.max(step, Math.ceil(Math.max(0, ...known) / step) * step);
  const from = Math.floor(Math.min(...known, to) / step) * step;
  return to - from < 2 * step ? { from: Math.max(0, to - 4 * step), to } : { from, to };
}

export function placeIn(value: number | null, range: Range): number | null {
  return value === null ? null : (value - range.from) / (range.to - range.from);
}
