import { describe, expect, it } from 'vitest';
import type { Policy } from '@/api/policy';
import { namable, named } from './reason';

const indicator = (id: string) => ({ id, label: { en: id, zh: id }, weight: 1 });
const policy = {
  modules: [
    {
      id: 'relapse',
      dimensions: [
        { id: 'income', indicators: [indicator('income_to_line'), indicator('income_drop')] },
        { id: 'health', indicators: [indicator('major_illness')] },
      ],
    },
  ],
} as unknown as Policy;
const allowed = namable(policy);

describe('a printed reason', () => {
  it('names no indicator of health, be it a rule or a reason', () => {
    const ill = { rules: ['band', 'key.major_illness'], reasons: ['major_illness', 'income_drop'] };
    expect(named(ill, allowed)).toEqual(['income_drop']);
    expect(named({ rules: [], reasons: ['major_illness'] }, allowed)).toEqual([]);
  });

  it('names what forces a band first, and nothing twice', () => {
    const poor = { rules: ['band', 'key.income_to_line'], reasons: ['income_drop', 'income_to_line'] };
    expect(named(poor, allowed)).toEqual(['income_to_line', 'income_drop']);
  });

  it('names no trigger and nothing that the policy does not know', () => {
    expect(named({ rules: ['trigger.new_major_illness'], reasons: ['gone'] }, allowed)).toEqual([]);
  });

  it('names nothing while the policy is not known', () => {
    const poor = { rules: ['key.income_to_line'], reasons: ['income_drop'] };
    expect(named(poor, namable(undefined))).toEqual([]);
  });
});
