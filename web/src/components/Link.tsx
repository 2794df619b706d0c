/**
 * A way to another page of this UI. Lists hold hundreds of them: unlike the router's own link it watches
 * nothing but what every address keeps (where and when is looked at), so that a press draws none of them again.
 */
import { useRouter } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { useKeptAddress, type Address } from '@/address';
import { intent } from './intent';

interface Props extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  /** A path of a page, as `/households/$id`. */
  to: string;
  params?: Record<string, string>;
  /** What stands in the address; a key that is there and undefined is not kept. */
  search?: Address;
}

export function Link({ to, params, search, onClick, children, ...others }: Props) {
  const router = useRouter();
  const kept = useKeptAddress();
  const full: Address = { ...kept, ...search };
  const goal = { to, params, search: full } as never;
  const preload = () => void router.preloadRoute(goal).catch(() => undefined);
  const pressed = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const isElsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
    if (isElsewhere || event.defaultPrevented) return;
    event.preventDefault();
    void router.navigate(goal);
  };
  return (
    <a
      {...others}
      href={pathOf(to, params) + router.options.stringifySearch(full)}
      onClick={pressed}
      {...intent(preload)}
      onFocus={preload}
    >
      {children}
    </a>
  );
}

/** `/households/$id` with `{ id: 'H 1' }` is `/households/H%201`. */
export function pathOf(path: string, params: Record<string, string> = {}): string {
  return path.replaceAll(/\$(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}
