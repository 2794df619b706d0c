/** What is done with warnings, and undone for ten seconds. */
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { createElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { Problem } from '@/api/http';
import { act, type Deed } from '@/api/warnings';
import { oneLine } from '@/components/Failure';
import { UndoButton } from './UndoButton';

export interface Deeds {
  run: (deed: Deed, back?: Deed) => Promise<void>;
  isRunning: boolean;
}

export function useDeeds(done: () => void): Deeds {
  const { notification } = App.useApp();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isRunning, setRunning] = useState(false);
  const refresh = () => {
    for (const key of ['warnings', 'counts', 'situation', 'household']) {
      void queries.invalidateQueries({ queryKey: [key] });
    }
  };
  const send = async (deed: Deed) => {
    try {
      await act(deed);
    } catch (error) {
      // An older server takes note of one warning at a time.
      const isOld = error instanceof Problem && error.isMissingRoute;
      if (!isOld || deed.action !== 'acknowledge') throw error;
      for (const id of deed.ids) {
        await api.POST('/api/v1/warnings/{id}/acknowledgement', { params: { path: { id } } });
      }
    }
    refresh();
  };
  const run = async (deed: Deed, back = opposite(deed)) => {
    setRunning(true);
    const key = `deed-${deed.action}-${deed.ids[0]}`;
    try {
      await send(deed);
      done();
      const undo = async () => {
        notification.destroy(key);
        if (back) await send(back).catch((error) => notification.error({ title: oneLine(error) }));
      };
      notification.success({
        key,
        title: t(`warnings.did_${deed.action}`, { n: deed.ids.length }),
        duration: 10,
        actions: back ? createElement(UndoButton, { undo }) : undefined,
      });
    } catch (error) {
      notification.error({ title: oneLine(error), duration: 8 });
    }
    setRunning(false);
  };
  return { run, isRunning };
}

/** What takes a deed back, where it says itself how; an assignment needs to know the one before. */
export function opposite(deed: Deed): Deed | undefined {
  if (deed.action === 'acknowledge') return { ids: deed.ids, action: 'reopen' };
  if (deed.action === 'reopen') return { ids: deed.ids, action: 'acknowledge' };
  if (deed.action === 'suppress' && deed.until) return { ids: deed.ids, action: 'suppress', until: null };
  if (deed.action === 'assign') return { ids: deed.ids, action: 'assign', assignee: null };
  return undefined;
}
