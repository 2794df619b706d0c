import { expect, it } from 'vitest';
import { restOf } from './rest';

it('a reason does not say its label twice', () => {
  expect(restOf('Fall of net income', 'Fall of net income: 70 %')).toBe('70 %');
  expect(restOf('人均纯收入', '人均纯收入：1,200元')).toBe('1,200元');
});

it('a reason in other words stays whole', () => {
  expect(restOf('Illness', 'Somebody who earns is ill')).toBe('Somebody who earns is ill');
});
