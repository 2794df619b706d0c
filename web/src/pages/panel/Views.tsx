/** Views that somebody saved on this machine: an address with a name. */
import { DeleteOutlined, DownOutlined } from '@ant-design/icons';
import { Button, Input, Modal, Popover } from 'antd';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useAddress, type Address } from '@/address';
import { useMe } from '@/api/me';
import './person/person.css';

interface View {
  name: string;
  address: Address;
}

function read(key: string): View[] {
  try {
    const all = JSON.parse(localStorage.getItem(key) ?? '[]') as unknown;
    return Array.isArray(all) ? (all as View[]) : [];
  } catch {
    return [];
  }
}

export function Views({ page }: { page: string }) {
  const { t } = useTranslation();
  const me = useMe().data?.name ?? '';
  // A view may hold a name that was looked for: it is its maker's alone.
  const key = `holdfast.views.${page}.${me}`;
  const [address, change] = useAddress();
  const [views, setViews] = useState<View[]>(() => read(key));
  const [naming, setNaming] = useState<string>();
  const [isOpen, setOpen] = useState(false);
  const put = (all: View[]) => {
    setViews(all);
    localStorage.setItem(key, JSON.stringify(all));
  };
  const go = (view: View) => {
    setOpen(false);
    change({ q: undefined, area: undefined, ...view.address });
  };
  const save = () => {
    if (naming) put([...views.filter((it) => it.name !== naming), { name: naming, address }]);
    setNaming(undefined);
  };
  const list = (
    <div className="views">
      {views.map((it) => (
        <span key={it.name} className="row spread">
          <Button type="text" onClick={() => go(it)}>
            {it.name}
          </Button>
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('panel.drop_view', { name: it.name })}
            onClick={() => put(views.filter((other) => other.name !== it.name))}
          />
        </span>
      ))}
      <Button
        block
        onClick={() => {
          setOpen(false);
          setNaming('');
        }}
      >
        {t('panel.save_view')}
      </Button>
    </div>
  );
  return (
    <>
      <Popover content={list} trigger="click" open={isOpen} onOpenChange={setOpen} placement="bottomLeft">
        <Button icon={<DownOutlined />} iconPlacement="end" aria-expanded={isOpen}>
          {t('panel.views')}
        </Button>
      </Popover>
      <Modal
        open={naming !== undefined}
        title={t('panel.save_view')}
        okText={t('common.save')}
        okButtonProps={{ disabled: !naming }}
        onOk={save}
        onCancel={() => setNaming(undefined)}
      >
        <Input
          autoFocus
          aria-label={t('common.name')}
          placeholder={t('common.name')}
          value={naming}
          maxLength={40}
          onChange={(it) => setNaming(it.target.value)}
          onPressEnter={save}
        />
        {views.some((it) => it.name === naming) ? <p className="quiet">{t('panel.same_view')}</p> : null}
      </Modal>
    </>
  );
}
