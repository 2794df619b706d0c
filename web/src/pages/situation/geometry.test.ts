import { describe, expect, it } from 'vitest';
import type { Boundaries } from '@/api/types';
import { isInside, middle, project, tilesInBox, tilesWithin, type Ring } from './geometry';

// The shape of an L: the middle of its box lies outside it.
const ell: Ring = [
  [0, 0],
  [20, 0],
  [20, 80],
  [100, 80],
  [100, 100],
  [0, 100],
];

describe('tiles', () => {
  it('lie inside the boundary, as many as there are areas', () => {
    const { at } = tilesWithin([ell], 12);
    expect(at).toHaveLength(12);
    for (const it of at) expect(isInside(it, [ell])).toBe(true);
  });

  it('fit into a box where there is no boundary', () => {
    const { size, at } = tilesInBox(7, 640, 400);
    expect(at).toHaveLength(7);
    for (const [x, y] of at) {
      expect(x - size / 2).toBeGreaterThanOrEqual(-1e-9);
      expect(y + size / 2).toBeLessThanOrEqual(400 + 1e-9);
    }
  });
});

describe('labels', () => {
  it('stand inside their shape', () => {
    expect(isInside(middle([ell]), [ell])).toBe(true);
  });
});

describe('boundaries', () => {
  it('have north on top and fill the drawing', () => {
    const square: Boundaries = {
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          properties: { code: 'a' },
          geometry: { type: 'Polygon', coordinates: [[[108, 34], [110, 34], [110, 36], [108, 36]]] },
        },
      ],
    };
    const points = project(square, 640, 400)[0]?.rings[0] ?? [];
    expect(Math.max(...points.map((it) => it[1]))).toBeCloseTo(400);
    expect(points[2]?.[1]).toBeCloseTo(0);
  });
});
