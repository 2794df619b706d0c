/** A number of the policy that can be moved to see what follows. */
import { InputNumber, Slider } from 'antd';
import { useFormat } from '@/i18n/format';
import { useUnit } from '@/i18n/unit';

interface Props {
  label: string;
  unit?: string | null;
  now: number;
  value: number;
  move?: (to: number) => void;
}

/** From nothing to twice the value, in steps that people would choose. */
export function rangeOf(now: number): { min: number; max: number; step: number } {
  if (now === 0) return { min: 0, max: 1, step: 0.01 };
  const size = 10 ** Math.floor(Math.log10(Math.abs(now)) - 1);
  const [low, high] = now > 0 ? [0, now * 2] : [now * 2, 0];
  return { min: low, max: Math.ceil(high / size) * size, step: size };
}

export function Mover({ label, unit, now, value, move }: Props) {
  const { number } = useFormat();
  const word = useUnit();
  const { min, max, step } = rangeOf(now);
  const isMoved = value !== now;
  return (
    <div className={isMoved ? 'mover moved' : 'mover'}>
      <span>{label}</span>
      {move ? (
        <Slider
          min={min}
          max={max}
          step={step}
          value={value}
          onChange={move}
          tooltip={{ open: false }}
          ariaLabelForHandle={label}
        />
      ) : (
        <span />
      )}
      {move ? (
        <InputNumber
          aria-label={label}
          value={value}
          step={step}
          onChange={(it) => it != null && move(it)}
        />
      ) : (
        <b className="num">{number(value, 3)}</b>
      )}
      <span className="quiet">
        {word(unit)} {isMoved ? `(${number(now, 3)})` : ''}
      </span>
    </div>
  );
}
