/** What happened, what is safe, what to do next. */
import { Button } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { Problem } from '@/api/http';

interface Props {
  error: unknown;
  again?: () => void;
}

export function Failure({ error, again }: Props) {
  const { t } = useTranslation();
  const problem = error instanceof Problem ? error : null;
  const [title, detail, hint] = words(problem, error, t);
  return (
    <div className="panel failure" role="alert">
      <h2>{title}</h2>
      <p>{detail}</p>
      {hint ? <p className="quiet">{hint}</p> : null}
      {again && !problem?.isMissingRoute ? (
        <Button style={{ marginTop: 8 }} onClick={again}>
          {t('common.retry')}
        </Button>
      ) : null}
    </div>
  );
}

type Say = (key: string) => string;

function words(problem: Problem | null, error: unknown, t: Say): [string, string, string?] {
  if (problem?.isMissingRoute) return [t('error.missing'), t('error.missing_hint')];
  if (problem?.status === 0) return [t('error.offline'), t('error.offline_hint')];
  if (problem?.status === 403) {
    return [t('error.forbidden'), problem.detail, problem.hint ?? undefined];
  }
  const detail = error instanceof Error ? error.message : String(error);
  return [t('error.title'), detail, problem?.hint ?? t('error.safe')];
}

/** One line for a message in a corner. */
export function oneLine(error: unknown): string {
  if (error instanceof Problem && error.hint) return `${error.detail} – ${error.hint}`;
  return error instanceof Error ? error.message : String(error);
}
