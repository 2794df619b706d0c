import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { oneLine } from './Failure';

interface Options {
  /** First words of the queries that see something else afterwards: they are asked again. */
  changes: string[];
  /** Said in a corner when it is done. */
  done?: string;
  /** A dialog shows what went wrong itself, beside what was typed. */
  isInPlace?: boolean;
}

export interface Saving {
  /** Does the work and tells; gives what came of it, nothing where it failed. */
  run: <T>(work: () => Promise<T>) => Promise<T | undefined>;
  isRunning: boolean;
  /** Why the last work failed. */
  failure?: string;
}

/** Saves something: asks again for what it changed, says that it is done, or what happened and what to do. */
export function useSaving({ changes, done, isInPlace }: Options): Saving {
  const { notification } = App.useApp();
  const queries = useQueryClient();
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<string>();
  const run = async <T>(work: () => Promise<T>) => {
    setRunning(true);
    setFailure(undefined);
    try {
      const made = await work();
      await Promise.all(changes.map((key) => queries.invalidateQueries({ queryKey: [key] })));
      if (done) notification.success({ title: done });
      return made;
    } catch (error) {
      setFailure(oneLine(error));
      if (!isInPlace) notification.error({ title: oneLine(error), duration: 12 });
      return undefined;
    } finally {
      setRunning(false);
    }
  };
  return { run, isRunning, failure };
}
