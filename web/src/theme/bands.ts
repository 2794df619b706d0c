/** Bands by colour, letter and word: never by colour alone. */
export const BANDS = ['red', 'orange', 'yellow', 'blue', 'green', 'unknown'] as const;
export type Band = (typeof BANDS)[number];

export interface BandLook {
  letter: string;
  fill: string;
  ink: string;
}

/**
 * Fills go from dark to light with alternating hue, so that neighbours differ in lightness too:
 * for eyes that see no red or no green the order remains. A test measures it.
 */
export const LOOKS: Record<Band, BandLook> = {
  red: { letter: 'R', fill: '#b3122b', ink: '#ffffff' },
  orange: { letter: 'O', fill: '#f07f13', ink: '#1b1208' },
  yellow: { letter: 'Y', fill: '#ffd84d', ink: '#231c00' },
  blue: { letter: 'B', fill: '#2f6fd0', ink: '#ffffff' },
  green: { letter: 'G', fill: '#8fd3b6', ink: '#06281a' },
  unknown: { letter: '?', fill: '#d5d9df', ink: '#22272e' },
};

/** The band of a word from the server; whatever is not known is `unknown`, never green. */
export function asBand(word: string | null | undefined): Band {
  return BANDS.find((it) => it === word) ?? 'unknown';
}

/** Places from the least to the most urgent; unknown stands beside none of them. */
export function urgency(band: Band): number {
  return { unknown: -1, green: 0, blue: 1, yellow: 2, orange: 3, red: 4 }[band];
}

/** Households that need somebody to look: yellow and above. */
export function atRisk(bands: Partial<Record<string, number>>): number {
  return (bands.red ?? 0) + (bands.orange ?? 0) + (bands.yellow ?? 0);
}

export function total(bands: Partial<Record<string, number>>): number {
  return BANDS.reduce((sum, it) => sum + (bands[it] ?? 0), 0);
}

/** Violet, which no band has: a map is not taken for bands, and red stays theirs. */
const RAMP = ['#f3f1f8', '#dcd8ed', '#c3bbe2', '#a799d3', '#8d78c6', '#6a48a8', '#4c2585'];

/** Colour of a share of 0–1 on a ramp that rises in darkness. */
export function rampColour(share: number | null | undefined): string {
  if (share == null || Number.isNaN(share)) return LOOKS.unknown.fill;
  const place = Math.min(RAMP.length - 1, Math.max(0, Math.round(share * (RAMP.length - 1))));
  return RAMP[place] ?? LOOKS.unknown.fill;
}

/** Ink that can be read on a colour of the ramp. */
export function inkOn(colour: string): string {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const linear = (it: number) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
  const light = 0.2126 * linear(r ?? 0) + 0.7152 * linear(g ?? 0) + 0.0722 * linear(b ?? 0);
  return light > 0.2 ? '#14181d' : '#ffffff';
}
