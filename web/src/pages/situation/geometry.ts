/** Boundaries onto a drawing, and tiles into a boundary: no map tiles, no invented borders. */
import type { Boundaries } from '@/api/types';

export type Point = [number, number];
export type Ring = Point[];

export interface Shape {
  code: string;
  rings: Ring[];
}

/** Longitude and latitude, degrees, onto a plane; true enough for a province. */
export function project(boundaries: Boundaries, width: number, height: number): Shape[] {
  const shapes = boundaries.features.map((it) => ({
    code: it.properties.code,
    rings: ringsOf(it.geometry),
  }));
  const points = shapes.flatMap((it) => it.rings.flat());
  if (points.length === 0) return [];
  const [west, east] = ends(points.map((it) => it[0]));
  const [south, north] = ends(points.map((it) => it[1]));
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min(width / ((east - west) * squeeze), height / (north - south));
  const left = (width - (east - west) * squeeze * scale) / 2;
  const top = (height - (north - south) * scale) / 2;
  const place = ([x, y]: Point): Point => [
    left + (x - west) * squeeze * scale,
    top + (north - y) * scale,
  ];
  return shapes.map((it) => ({ ...it, rings: it.rings.map((ring) => ring.map(place)) }));
}

function ringsOf(geometry: Boundaries['features'][number]['geometry']): Ring[] {
  if (geometry.type === 'Polygon') return geometry.coordinates as Ring[];
  return (geometry.coordinates as Ring[][]).flat();
}

function ends(values: number[]): [number, number] {
  return values.reduce(
    ([low, high], it) => [Math.min(low, it), Math.max(high, it)] as [number, number],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}

export function pathOf(rings: Ring[]): string {
  const one = (ring: Ring) => `M${ring.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`;
  return rings.map(one).join('');
}

export function isInside([x, y]: Point, rings: Ring[]): boolean {
  let inside = false;
  for (const ring of rings) {
    ring.forEach(([x1, y1], at) => {
      const [x2, y2] = ring[(at + ring.length - 1) % ring.length] ?? [x1, y1];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    });
  }
  return inside;
}

export interface Tiles {
  size: number;
  at: Point[];
}

/** The largest even tiles of which `count` have their middle inside the rings. */
export function tilesWithin(rings: Ring[], count: number): Tiles {
  const points = rings.flat();
  const [west, east] = ends(points.map((it) => it[0]));
  const [north, south] = ends(points.map((it) => it[1]));
  const fitting = (size: number) => {
    const at: Point[] = [];
    for (let y = north + size / 2; y < south; y += size) {
      for (let x = west + size / 2; x < east; x += size) {
        if (isInside([x, y], rings)) at.push([x, y]);
      }
    }
    return at;
  };
  let size = Math.max(4, Math.min(90, Math.sqrt(((east - west) * (south - north)) / count)));
  let at = fitting(size);
  while (at.length < count && size > 4) {
    size *= 0.94;
    at = fitting(size);
  }
  return { size, at: at.slice(0, count) };
}

/** Tiles in a rectangle, where nobody imported a boundary. */
export function tilesInBox(count: number, width: number, height: number): Tiles {
  const columns = Math.max(1, Math.ceil(Math.sqrt((count * width) / height)));
  const rows = Math.max(1, Math.ceil(count / columns));
  const size = Math.min(width / columns, height / rows, 130);
  const left = (width - size * Math.min(columns, count)) / 2;
  const top = (height - size * rows) / 2;
  const at = Array.from({ length: count }, (_, n): Point => [
    left + size * ((n % columns) + 0.5),
    top + size * (Math.floor(n / columns) + 0.5),
  ]);
  return { size, at };
}

/** A place for a label: of a grid of points inside the largest ring the one farthest from its edge. */
export function middle(rings: Ring[]): Point {
  const largest = rings.reduce((best, it) => (it.length > best.length ? it : best), rings[0] ?? []);
  const [west, east] = ends(largest.map((it) => it[0]));
  const [north, south] = ends(largest.map((it) => it[1]));
  let found: Point = [(west + east) / 2, (north + south) / 2];
  let widest = -1;
  for (let n = 0; n < 14 * 14; n += 1) {
    const x = west + ((east - west) * ((n % 14) + 0.5)) / 14;
    const y = north + ((south - north) * (Math.floor(n / 14) + 0.5)) / 14;
    if (!isInside([x, y], [largest])) continue;
    const room = Math.min(...largest.map(([a, b]) => (a - x) ** 2 + 2 * (b - y) ** 2));
    if (room > widest) [widest, found] = [room, [x, y]];
  }
  return found;
}
