import { describe, expect, it } from 'vitest';
import { asBand, atRisk, BANDS, inkOn, LOOKS, rampColour, urgency } from './bands';

type Rgb = [number, number, number];

function linear(colour: string): Rgb {
  const of = (at: number) => {
    const it = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4;
  };
  return [of(1), of(3), of(5)];
}

function contrast(one: string, other: string): number {
  const light = (it: string) => {
    const [r, g, b] = linear(it);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [high, low] = [light(one), light(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

// Viénot, Brettel, Mollon 1999 for eyes without red or green cones, on linear RGB.
const PROTAN: Rgb[] = [
  [0.11238, 0.88762, 0],
  [0.11238, 0.88762, 0],
  [0.00401, -0.00401, 1],
];
const DEUTAN: Rgb[] = [
  [0.29275, 0.70725, 0],
  [0.29275, 0.70725, 0],
  [-0.02234, 0.02234, 1],
];

function lab(rgb: Rgb): Rgb {
  const [r, g, b] = rgb.map((it) => Math.min(1, Math.max(0, it))) as Rgb;
  const x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505;
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089;
  const f = (it: number) => (it > 0.008856 ? Math.cbrt(it) : 7.787 * it + 16 / 116);
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))];
}

function seen(colour: string, by?: Rgb[]): Rgb {
  const rgb = linear(colour);
  if (!by) return lab(rgb);
  return lab(by.map((row) => row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]) as Rgb);
}

describe('bands', () => {
  it('have ink that can be read on them', () => {
    for (const band of BANDS) {
      expect(contrast(LOOKS[band].fill, LOOKS[band].ink), band).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('look different to every kind of eye', () => {
    for (const eyes of [undefined, PROTAN, DEUTAN]) {
      for (const one of BANDS) {
        for (const other of BANDS) {
          if (one >= other) continue;
          const [a, b] = [seen(LOOKS[one].fill, eyes), seen(LOOKS[other].fill, eyes)];
          const apart = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
          expect(apart, `${one} and ${other}`).toBeGreaterThan(12);
        }
      }
    }
  });

  it('have letters of their own', () => {
    expect(new Set(BANDS.map((it) => LOOKS[it].letter)).size).toBe(BANDS.length);
  });

  it('are unknown where the word is, never green', () => {
    expect(asBand('red')).toBe('red');
    expect(asBand('purple')).toBe('unknown');
    expect(asBand(undefined)).toBe('unknown');
    expect(urgency('unknown')).toBeLessThan(urgency('green'));
  });

  it('count who needs a visit from yellow up', () => {
    expect(atRisk({ red: 1, orange: 2, yellow: 3, blue: 10, green: 20, unknown: 5 })).toBe(6);
  });
});

describe('the ramp', () => {
  it('has ink that can be read on each of its colours', () => {
    for (let n = 0; n <= 6; n += 1) {
      const colour = rampColour(n / 6);
      expect(contrast(colour, inkOn(colour)), colour).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('is hatched grey where nothing is known', () => {
    expect(rampColour(null)).toBe(LOOKS.unknown.fill);
    expect(rampColour(Number.NaN)).toBe(LOOKS.unknown.fill);
  });
});
