/** What is done with warnings, and undone for ten seconds. */
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { createElement, useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { api } from '@/api/client';
import { Problem } from '@/api/http';
import { act, type Deed, type Warned } from '@/api/warnings';
import { oneLine } from '@/components/Failure';
import { undoOf } from './undo';
import { UndoButton } from './UndoButton';

export interface Deeds {
  /** Does it; `before` are the warnings as they are now, so that undo can restore them. */
  run: (deed: Deed, before: Warned[]) => Promise<void>;
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
  const run = async (deed: Deed, before: Warned[]) => {
    setRunning(true);
    const back = undoOf(deed, before);
    const key = `deed-${deed.action}-${deed.ids[0]}`;
    try {
      await send(deed);
      done();
      const undo = async () => {
        notification.destroy(key);
        try {
          for (const it of back) await send(it);
        } catch (error) {
          notification.error({ title: oneLine(error) });
        }
      };
      notification.success({
        key,
        title: t(`warnings.did_${deed.action}`, { n: deed.ids.length }),
        duration: 10,
        actions: back.length > 0 ? createElement(UndoButton, { undo }) : undefined,
      });
    } catch (error) {
      notification.error({ title: oneLine(error), duration: 8 });
    }
    setRunning(false);
  };
  return { run, isRunning };
}
