import { expect, it } from 'vitest';
import { pathOf } from './Link';

it('a path takes its parameters, written so that they stay one part of it', () => {
  expect(pathOf('/households/$id/card', { id: 'H 1/2' })).toBe('/households/H%201%2F2/card');
  expect(pathOf('/warnings')).toBe('/warnings');
});
