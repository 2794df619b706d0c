/** Polygons where boundaries are known; else even tiles inside the parent. Every one is a link. */
import { useMemo } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import type { Boundaries, Child } from '@/api/types';
import { intent } from '@/components/intent';
import { inkOn, rampColour } from '@/theme/bands';
import { useFormat } from '@/i18n/format';
import { middle, pathOf, project, tilesInBox, tilesWithin, type Point } from './geometry';
import { placeIn, type Measure, type Range } from './measures';

const WIDTH = 640;
const HEIGHT = 400;

interface Props {
  areas: Child[];
  boundaries: Boundaries;
  /** Boundary of the area that is looked into. */
  around?: Boundaries;
  measure: Measure;
  range: Range;
  href: (code: string) => string;
  onPick: (code: string) => void;
  /** Somebody is about to. */
  onNear: (code: string) => void;
}

interface Piece {
  child: Child;
  path: string;
  at: Point;
  room: number;
}

export function AreaMap({ areas, boundaries, around, measure, range, href, onPick, onNear }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const outline = useMemo(
    () => (around?.features.length ? project(around, WIDTH, HEIGHT)[0] : undefined),
    [around],
  );
  const pieces = useMemo(
    () => cut(areas, boundaries, outline?.rings),
    [areas, boundaries, outline],
  );
  const shown = (it: Child) => {
    const value = measure.of(it);
    return measure.isShare ? format.share(value, 1) : format.score(value);
  };
  const colourOf = (it: Child) => rampColour(placeIn(measure.of(it), range));
  return (
    <svg className="area-map" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-label={t('situation.map')} role="group">
      {outline ? <path d={pathOf(outline.rings)} className="outline" /> : null}
      {pieces.map(({ child, path }) => {
        const name = format.pick(child.name) || child.area_code;
        return (
          <a
            key={child.area_code}
            href={href(child.area_code)}
            aria-label={`${name}: ${shown(child)}; ${t('situation.n_warned', { n: child.warned })}`}
            data-code={child.area_code}
            {...intent(() => onNear(child.area_code))}
            onFocus={() => onNear(child.area_code)}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey) return;
              event.preventDefault();
              onPick(child.area_code);
            }}
          >
            <title>{`${name}\n${shown(child)}\n${t('situation.n_warned', { n: child.warned })}`}</title>
            <path d={path} fill={colourOf(child)} className="piece" />
          </a>
        );
      })}
      {pieces.map((it) => (
        <Words key={it.child.area_code} piece={it} colour={colourOf(it.child)} value={shown(it.child)} />
      ))}
    </svg>
  );
}

/** Name and value over a piece, as far as there is room. */
function Words({ piece, colour, value }: { piece: Piece; colour: string; value: string }) {
  const { language, pick } = useFormat();
  const { child, room } = piece;
  const [x, y] = piece.at;
  if (room < 27) return null;
  const name = pick(child.name) || child.area_code;
  const letters = Math.max(3, Math.floor(room / (language === 'zh' ? 12 : 7)));
  const fill = inkOn(colour);
  return (
    <g aria-hidden="true" fill={fill} stroke={colour}>
      {room > 44 ? (
        <text x={x} y={y - 2}>
          {name.length > letters ? `${name.slice(0, letters - 1)}…` : name}
        </text>
      ) : null}
      <text x={x} y={room > 44 ? y + 13 : y + 4} className="map-value">
        {value}
      </text>
    </g>
  );
}

function cut(areas: Child[], boundaries: Boundaries, outline?: Point[][]): Piece[] {
  const shapes = project(boundaries, WIDTH, HEIGHT);
  const drawn = new Map(shapes.map((it) => [it.code, it]));
  if (areas.length > 0 && areas.every((it) => drawn.has(it.area_code))) {
    return areas.map((child) => {
      const rings = drawn.get(child.area_code)?.rings ?? [];
      return { child, path: pathOf(rings), at: middle(rings), room: 100 };
    });
  }
  const inside = outline ? tilesWithin(outline, areas.length) : undefined;
  const { size, at } =
    inside && inside.at.length >= areas.length && inside.size > 30
      ? inside
      : tilesInBox(areas.length, WIDTH, HEIGHT);
  const half = size / 2 - 1.5;
  const sorted = areas.toSorted((a, b) => a.area_code.localeCompare(b.area_code));
  return sorted.map((child, n) => {
    const [x, y] = at[n] ?? [0, 0];
    const path = `M${x - half} ${y - half}h${2 * half}v${2 * half}h${-2 * half}Z`;
    return { child, path, at: [x, y], room: size };
  });
}
