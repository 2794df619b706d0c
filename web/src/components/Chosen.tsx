/** One of several, to be changed. */
import { DownOutlined } from '@ant-design/icons';
import { useRef, useState } from 'react';
import { useSoon } from './useSoon';

const load = () => import('./controls/Select').then((it) => it.Select);

interface Props {
  value: string;
  options: { value: string; label: string }[];
  change: (to: string) => void;
  label: string;
}

export function Chosen({ value, options, change, label }: Props) {
  const box = useRef<HTMLSpanElement>(null);
  const [isNear, setNear] = useState(false);
  const [isPressed, setPressed] = useState(false);
  const Select = useSoon(load, box, { isWanted: isNear || isPressed });
  return (
    <span ref={box} className="chosen no-print">
      {Select ? (
        <Select
          value={value}
          options={options}
          onChange={change}
          aria-label={label}
          defaultOpen={isPressed}
          popupMatchSelectWidth={false}
        />
      ) : (
        <button
          type="button"
          className="as-field"
          aria-label={label}
          aria-haspopup="listbox"
          onPointerEnter={() => setNear(true)}
          onClick={() => setPressed(true)}
        >
          <span>{options.find((it) => it.value === value)?.label}</span>
          <DownOutlined />
        </button>
      )}
    </span>
  );
}
