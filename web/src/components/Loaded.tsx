/** Content of a query: dimmed while it is asked again, an error in place, a skeleton at first. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { Failure } from './Failure';
import { Placeholder } from './Placeholder';

interface Props<T> {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
  empty?: (data: T) => boolean;
  emptyText?: ReactNode;
  lines?: number;
}

export function Loaded<T>({ query, children, empty, emptyText, lines = 4 }: Props<T>) {
  const { t } = useTranslation();
  if (query.isError && query.data === undefined) {
    return <Failure error={query.error} again={() => void query.refetch()} />;
  }
  if (query.data === undefined) {
    return <Placeholder lines={lines} />;
  }
  if (empty?.(query.data)) {
    return <div className="empty quiet">{emptyText ?? t('empty.title')}</div>;
  }
  return <div className={query.isPlaceholderData ? 'dimmed' : undefined}>{children(query.data)}</div>;
}
