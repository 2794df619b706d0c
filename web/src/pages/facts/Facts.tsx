/** Ways for facts to come in, and what the pack asks for. */
import { useNavigate } from '@tanstack/react-router';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useForms } from '@/api/household';
import { useMay } from '@/api/me';
import { ExportLinks } from '@/components/ExportLinks';
import { Link } from '@/components/Link';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';
import { useUnit } from '@/i18n/unit';
import { useFieldHelp } from './FactField';
import './facts.css';

export default function Facts() {
  const { t } = useTranslation();
  const format = useFormat();
  const help = useFieldHelp();
  const unit = useUnit();
  const may = useMay();
  const navigate = useNavigate();
  const forms = useForms();
  const [wanted, setWanted] = useState('');
  const isWanted = (it: { fact: string; label: unknown }) =>
    `${it.fact} ${JSON.stringify(it.label)}`.toLowerCase().includes(wanted.toLowerCase());
  return (
    <>
      <div className="row spread">
        <h1>{t('facts.title')}</h1>
        <ExportLinks what="facts" />
      </div>
      <div className="ways-in">
        <section className="panel">
          <h2>{t('facts.of_a_household')}</h2>
          <p className="quiet">{t('facts.of_a_household_hint')}</p>
          <Input.Search
            aria-label={t('visit.household')}
            placeholder="H000001"
            enterButton={t('common.open')}
            onSearch={(id) => id && void navigate({ to: '/households/$id', params: { id } })}
          />
        </section>
        <Link className="panel" to="/facts/visit">
          <h2>{t('nav.visit')}</h2>
          <p className="quiet">{t('facts.visit_hint')}</p>
        </Link>
        {may('imports:write') ? (
          <Link className="panel" to="/facts/imports">
            <h2>{t('nav.imports')}</h2>
            <p className="quiet">{t('facts.imports_hint')}</p>
          </Link>
        ) : null}
      </div>
      <section className="panel">
        <header>
          <h2>{t('facts.asked')}</h2>
          <Input
            allowClear
            style={{ width: 220 }}
            aria-label={t('common.search')}
            placeholder={t('common.search')}
            onChange={(it) => setWanted(it.target.value)}
          />
        </header>
        <Loaded query={forms} empty={(it) => it.items.length === 0} lines={10}>
          {({ items }) => (
            <div className="scroll" tabIndex={0} role="region" aria-label={t('nav.facts')}>
              <table className="plain">
                <thead>
                  <tr>
                    <th>{t('facts.what')}</th>
                    <th>{t('facts.subject')}</th>
                    <th>{t('facts.unit')}</th>
                    <th>{t('facts.why')}</th>
                    <th>{t('common.source')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.filter(isWanted).map((it) => (
                    <tr key={it.fact}>
                      <td>
                        {format.pick(it.label) || it.fact} <span className="quiet">{it.fact}</span>
                      </td>
                      <td>{t(`facts.subject_${it.subject}`)}</td>
                      <td>{unit(it.unit) || it.categories?.map((c) => format.pick(c.label)).join(' / ')}</td>
                      <td className="quiet">{help(it)}</td>
                      <td className="quiet">{it.source}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Loaded>
      </section>
    </>
  );
}
