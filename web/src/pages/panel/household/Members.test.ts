import { describe, expect, it } from 'vitest';
import { ageOf } from './Members';

describe('an age', () => {
  it('is told for the period that is looked at', () => {
    expect(ageOf('1991-03-01', '2020-06')).toBe(29);
    expect(ageOf('1991', '2020-06')).toBe(29);
  });

  it('is not told of somebody who was not born yet, or whose birth nobody knows', () => {
    expect(ageOf('2021-01-01', '2020-06')).toBeNull();
    expect(ageOf(null, '2020-06')).toBeNull();
  });
});
