/** A button that opens a menu. */
import type { MenuProps } from 'antd';
import { cloneElement, useRef, useState, type HTMLAttributes, type ReactElement } from 'react';
import { useSoon } from './useSoon';

const load = () => import('./controls/Dropdown').then((it) => it.Dropdown);

interface Props {
  items: MenuProps['items'];
  /** The button. */
  children: ReactElement<HTMLAttributes<HTMLElement>>;
}

export function MenuButton({ items, children }: Props) {
  const box = useRef<HTMLSpanElement>(null);
  const [isNear, setNear] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const Dropdown = useSoon(load, box, { isWanted: isNear || isOpen });
  return (
    <span ref={box} className="as-contents">
      {Dropdown ? (
        <Dropdown menu={{ items }} trigger={['click']} open={isOpen} onOpenChange={setOpen}>
          {children}
        </Dropdown>
      ) : (
        cloneElement(children, { onClick: () => setOpen(true), onPointerEnter: () => setNear(true) })
      )}
    </span>
  );
}
