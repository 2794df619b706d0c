/** A small line: the shape of it, not its values; those stand beside it. */
interface Props {
  values: (number | null | undefined)[];
  label: string;
  width?: number;
  height?: number;
  max?: number;
  lines?: { at: number; colour: string }[];
}

export function Spark({ values, label, width = 84, height = 20, max, lines = [] }: Props) {
  const known = values.filter((it): it is number => it != null);
  const top = Math.max(max ?? Math.max(...known, 1), 1e-9);
  const x = (at: number) => 2 + (at * (width - 4)) / Math.max(1, values.length - 1);
  const y = (value: number) => height - 2 - (Math.min(value, top) / top) * (height - 4);
  let path = '';
  let isBroken = true;
  values.forEach((value, at) => {
    if (value == null) {
      isBroken = true;
      return;
    }
    path += `${isBroken ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    isBroken = false;
  });
  const last = values.at(-1);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {lines.map((it) => (
        <line key={it.at} x1={0} x2={width} y1={y(it.at)} y2={y(it.at)} stroke={it.colour} strokeDasharray="2 2" />
      ))}
      <path d={path} fill="none" stroke="var(--accent)" strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
      {last != null ? (
        <circle cx={x(values.length - 1)} cy={y(last)} r={2} fill="var(--accent)" />
      ) : null}
    </svg>
  );
}
