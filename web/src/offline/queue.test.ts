import { describe, expect, it } from 'vitest';
import { judge, load, store, without, type Waiting } from './queue';
import { uuid7 } from './uuid';

const entry: Waiting = {
  id: 'one',
  household: 'H1',
  fact: 'income.net',
  label: 'Income',
  value: '900',
  valid_from: '2020-06-01',
  made_at: '2020-06-02T08:00:00Z',
  base: { fact_id: 'f1', value: '700' },
};

describe('a visit that waits', () => {
  it('is sent where the server knows what it knew', () => {
    const known = [{ fact: 'income.net', fact_id: 'f1', value: '700' }];
    expect(judge(entry, known).verdict).toBe('send');
  });

  it('is a conflict where somebody told the server something newer', () => {
    const known = [{ fact: 'income.net', fact_id: 'f2', value: '800' }];
    const judged = judge(entry, known);
    expect(judged.verdict).toBe('conflict');
    expect(judged.theirs?.value).toBe('800');
  });

  it('is a conflict where nothing was known and now something is', () => {
    const known = [{ fact: 'income.net', fact_id: 'f2', value: '800' }];
    expect(judge({ ...entry, base: null }, known).verdict).toBe('conflict');
  });

  it('is none where nobody could look before the visit', () => {
    const known = [{ fact: 'income.net', fact_id: 'f2', value: '800' }];
    expect(judge({ ...entry, base: undefined }, known).verdict).toBe('send');
  });

  it('is a conflict where nobody could look and the server learned it after the entry', () => {
    const made = { ...entry, base: undefined };
    const known = { fact: 'income.net', fact_id: 'f2', value: '800' };
    expect(judge(made, [{ ...known, recorded_at: '2020-06-02T08:00:01Z' }]).verdict).toBe('conflict');
    expect(judge(made, [{ ...known, recorded_at: '2020-06-02T07:59:59Z' }]).verdict).toBe('send');
  });

  it('does not quarrel with what was written here before', () => {
    const known = [{ fact: 'income.net', fact_id: 'mine', value: '650' }];
    expect(judge(entry, known).verdict).toBe('conflict');
    expect(judge(entry, known, new Set(['mine'])).verdict).toBe('send');
  });

  it('is the same where the server learned the same', () => {
    const known = [{ fact: 'income.net', fact_id: 'f2', value: '900', valid_from: '2020-06-01' }];
    expect(judge(entry, known).verdict).toBe('same');
  });

  it('does not mistake one member for another', () => {
    const known = [{ fact: 'income.net', fact_id: 'f2', value: '800', member_id: 'M2' }];
    expect(judge({ ...entry, member_id: 'M1' }, known).verdict).toBe('send');
  });
});

describe('the list of what waits', () => {
  it('outlives the page and loses only what is done', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    store([entry, { ...entry, id: 'two' }], storage);
    expect(without(load(storage), ['one']).map((it) => it.id)).toEqual(['two']);
  });

  it('is empty where what was kept cannot be read', () => {
    expect(load({ getItem: () => 'no list' })).toEqual([]);
    expect(load({ getItem: () => '{"a":1}' })).toEqual([]);
  });
});

describe('ids', () => {
  it('are of version 7 and in the order of time', () => {
    const [one, other] = [uuid7(1_000), uuid7(2_000)];
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(one < other).toBe(true);
  });
});
