import { describe, expect, it } from 'vitest';
import { ago, compact, day, number, period, share, signed } from './format';

describe('formats', () => {
  it('write numbers as the language does', () => {
    expect(number(12345, 'en')).toBe('12,345');
    expect(compact(12345, 'zh')).toBe('1.2万');
    expect(compact(4590, 'zh')).toBe('4,590');
    expect(number(null, 'en')).toBe('–');
    expect(number(Number.NaN, 'en')).toBe('–');
  });

  it('write shares and differences', () => {
    expect(share(0.0741, 'en', 1)).toBe('7.4%');
    expect(signed(31, 'en')).toBe('+31');
    expect(signed(0, 'en')).toBe('0');
  });

  it('write months in words and leave other periods as they are', () => {
    expect(period('2020-06', 'en')).toBe('June 2020');
    expect(period('2020-06', 'zh')).toBe('2020年6月');
    expect(period('2020-Q2', 'en')).toBe('2020-Q2');
    expect(period(null, 'en')).toBe('–');
  });

  it('do not move a day over midnight', () => {
    expect(day('2020-06-01', 'en')).toBe('1 Jun 2020');
  });

  it('say how long ago something was', () => {
    const now = Date.parse('2020-07-05T14:00:00Z');
    expect(ago('2020-07-05T13:59:30Z', 'en', now)).toBe('30 seconds ago');
    expect(ago('2020-07-04T14:00:00Z', 'en', now)).toBe('yesterday');
    expect(ago('2020-07-05T12:00:00Z', 'zh', now)).toBe('2小时前');
  });
});
