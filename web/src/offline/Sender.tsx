/** Sends what waits as soon as there is a network again, whatever page is open. */
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useMay } from '@/api/me';
import { useOnline, useQueue } from './useQueue';

export function Sender() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const may = useMay()('facts:write');
  const isOnline = useOnline();
  const queue = useQueue();
  const send = useRef(queue.send);
  const count = useRef(0);
  useEffect(() => {
    send.current = queue.send;
    count.current = queue.waiting.length;
  });
  useEffect(() => {
    if (!isOnline || !may || count.current === 0) return;
    void send.current().then(
      (it) => {
        if (it.sent) {
          message.success(t('visit.sent', { n: it.sent }));
          void queries.invalidateQueries({ queryKey: ['household'] });
        }
        if (it.conflicts) message.warning(t('visit.conflicts', { n: it.conflicts }));
      },
      // No answer yet: they wait, and the button of the visit page stays.
      () => undefined,
    );
  }, [isOnline, may, message, queries, t]);
  return null;
}
