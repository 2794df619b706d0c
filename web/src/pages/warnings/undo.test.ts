import { describe, expect, it } from 'vitest';
import type { Warned } from '@/api/warnings';
import { undoOf } from './undo';

const warning = (warning_id: string, part: Partial<Warned> = {}) =>
  ({ warning_id, state: 'open', ...part }) as Warned;

describe('undoing', () => {
  it('an assignment gives each warning back to whoever had it', () => {
    const before = [warning('1', { assignee: 'li.na' }), warning('2'), warning('3', { assignee: 'li.na' })];
    expect(undoOf({ ids: ['1', '2', '3'], action: 'assign', assignee: 'wang.yi' }, before)).toEqual([
      { ids: ['1', '3'], action: 'assign', assignee: 'li.na' },
      { ids: ['2'], action: 'assign', assignee: null },
    ]);
  });

  it('an acknowledgement opens only what was open', () => {
    const before = [warning('1'), warning('2', { state: 'acknowledged' })];
    expect(undoOf({ ids: ['1', '2'], action: 'acknowledge' }, before)).toEqual([
      { ids: ['1'], action: 'reopen' },
    ]);
    expect(undoOf({ ids: ['2'], action: 'acknowledge' }, before)).toEqual([]);
  });

  it('holding back restores the day and the reason from before', () => {
    const before = [warning('1', { suppressed_until: '2020-07-31T00:00:00Z', suppressed_reason: 'known' }), warning('2')];
    expect(undoOf({ ids: ['1', '2'], action: 'suppress', until: '2020-09-01', reason: 'away' }, before)).toEqual([
      { ids: ['1'], action: 'suppress', until: '2020-07-31T00:00:00Z', reason: 'known' },
      { ids: ['2'], action: 'suppress', until: null },
    ]);
  });

  it('touches no warning but those of the deed', () => {
    const before = [warning('1', { assignee: 'a' }), warning('9', { assignee: 'b' })];
    const undone = undoOf({ ids: ['1'], action: 'assign', assignee: 'c' }, before);
    expect(undone.flatMap((it) => it.ids)).toEqual(['1']);
  });
});
