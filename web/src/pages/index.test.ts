import { describe, expect, it } from 'vitest';
import { pageOf, PAGES } from '.';

const named = (path: string) => PAGES.find(([it]) => it === path);

describe('the page of an address', () => {
  it('is found by its parts, whatever the household', () => {
    expect(pageOf('/')).toBe(named('/'));
    expect(pageOf('/households/H000042')).toBe(named('/households/$id'));
    expect(pageOf('/households/H000042/card')).toBe(named('/households/$id/card'));
    expect(pageOf('/warnings/')).toBe(named('/warnings'));
  });

  it('is none where there is none', () => {
    expect(pageOf('/nowhere')).toBeUndefined();
    expect(pageOf('/households')).toBeUndefined();
  });
});
