import { describe, expect, it } from 'vitest';
import { deeperLevel, outermostOf } from './outermost';

const tree = (all: Record<string, [code: string, has_children: boolean][]>) => async (parent?: string) => ({
  items: (all[parent ?? ''] ?? []).map(([code, has_children]) => ({ code, has_children })),
});

describe('the area that a map begins with', () => {
  it('is the city where there is one province with one city in it', async () => {
    expect(await outermostOf(tree({ '': [['61', true]], '61': [['6102', true]] }))).toBe('6102');
  });

  it('is the province where it has several cities, or one without anything in it', async () => {
    expect(await outermostOf(tree({ '': [['61', true]], '61': [['6101', true], ['6102', true]] }))).toBe('61');
    expect(await outermostOf(tree({ '': [['61', true]], '61': [['6102', false]] }))).toBe('61');
  });

  it('is none where several lie on top, or nobody named any', async () => {
    expect(await outermostOf(tree({ '': [['61', true], ['62', true]] }))).toBeNull();
    expect(await outermostOf(tree({}))).toBeNull();
  });
});

describe('the level of the worst areas', () => {
  it('is the one above the finest where counties are shown', () => {
    expect(deeperLevel({ items: [{ area_code: '610202', level: 3 }], levels: 5 })).toBe(4);
  });

  it('is the one that is shown where nothing lies between it and the finest', () => {
    expect(deeperLevel({ items: [{ area_code: '610202001', level: 4 }], levels: 5 })).toBeUndefined();
    expect(deeperLevel(undefined)).toBeUndefined();
  });
});
