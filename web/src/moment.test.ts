import { describe, expect, it } from 'vitest';
import { noteOf } from './moment';

describe('a page', () => {
  it('says nothing of the present', () => {
    expect(noteOf('/', {})).toBeUndefined();
    expect(noteOf('/warnings', {})).toBeUndefined();
  });

  it('that follows the period says that it shows the past', () => {
    expect(noteOf('/', { period: '2020-03' })).toBe('past');
    expect(noteOf('/households/$id', { as_of: '2020-03-01T00:00:00Z' })).toBe('past');
  });

  it('that follows no moment says that it shows the present', () => {
    expect(noteOf('/warnings', { period: '2020-03' })).toBe('present');
    expect(noteOf('/panel/visit-list', { as_of: '2020-03-01T00:00:00Z' })).toBe('present');
  });

  it('that follows the period alone says that it holds what is known today', () => {
    expect(noteOf('/scores', { period: '2020-03', as_of: '2020-04-01T00:00:00Z' })).toBe('known_now');
  });

  it('without figures says nothing', () => {
    expect(noteOf('/admin', { period: '2020-03' })).toBeUndefined();
  });
});
