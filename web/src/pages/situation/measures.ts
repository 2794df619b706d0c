/** What an area may be coloured by. */
import type { Child } from '@/api/pending';

export interface Measure {
  id: string;
  /** Whether its values are shares of one, shown as percent. */
  isShare: boolean;
  of: (child: Child) => number | null;
  /** The value with the darkest colour. */
  full: number;
}

export const FIXED: Measure[] = [
  { id: 'warned', isShare: true, full: 0.15, of: (it) => part(it.warned, it.households) },
  { id: 'risk', isShare: true, full: 0.15, of: (it) => part(risk(it), it.households) },
  { id: 'overdue', isShare: true, full: 0.1, of: (it) => part(it.overdue, it.households) },
  { id: 'doubt', isShare: true, full: 0.4, of: (it) => doubt(it) },
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
    return { id, isShare: false, full: 50, of: (it) => it.modules[module] ?? null };
  }
  const known = FIXED.find((it) => it.id === id) ?? FIXED[0];
  if (!known) throw new Error('there is always a first measure');
  return known;
}
