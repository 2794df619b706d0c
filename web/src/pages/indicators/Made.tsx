/** Single numbers that a version changed against the one it was made from. */
import type { Change, Policy } from '@/api/policy';
import { useFormat } from '@/i18n/format';
import { useChangeWords } from './useChangeWords';

export function Made({ policy, made }: { policy: Policy; made: unknown }) {
  const format = useFormat();
  const words = useChangeWords(policy);
  if (!Array.isArray(made) || made.length === 0) return null;
  return (
    <ul className="made">
      {made.map((it: Change) => (
        <li key={`${it.kind}-${it.id}-${it.key ?? ''}`}>
          {words(it)} <b className="tab">{format.number(it.value, 3)}</b>
        </li>
      ))}
    </ul>
  );
}
