import { describe, expect, it } from 'vitest';
import { next } from './next';

describe('the next version', () => {
  it('counts on, past those that are there', () => {
    expect(next('2020.1', ['2020.1'])).toBe('2020.2');
    expect(next('2020.9', ['2020.9', '2020.10'])).toBe('2020.11');
    expect(next('spring', [])).toBe('spring.1');
  });
});
