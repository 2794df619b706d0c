/** Views that somebody saved on this machine: an address with a name. */
import { Button, Dropdown, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddress, type Address } from '@/address';

interface View {
  name: string;
  address: Address;
}

export function Views({ page }: { page: string }) {
  const { t } = useTranslation();
  const key = `holdfast.views.${page}`;
  const [address, change] = useAddress();
  const [views, setViews] = useState<View[]>(() => JSON.parse(localStorage.getItem(key) ?? '[]'));
  const [naming, setNaming] = useState<string>();
  const put = (all: View[]) => {
    setViews(all);
    localStorage.setItem(key, JSON.stringify(all));
  };
  const items = [
    ...views.map((it) => ({
      key: `view-${it.name}`,
      label: it.name,
      onClick: () => change({ q: undefined, area: undefined, ...it.address }),
    })),
    { key: 'save', label: t('panel.save_view'), onClick: () => setNaming('') },
  ];
  return (
    <>
      <Dropdown menu={{ items }} trigger={['click']}>
        <Button>{t('panel.views')}</Button>
      </Dropdown>
      <Modal
        open={naming !== undefined}
        title={t('panel.save_view')}
        okButtonProps={{ disabled: !naming }}
        onOk={() => {
          if (naming) put([...views.filter((it) => it.name !== naming), { name: naming, address }]);
          setNaming(undefined);
        }}
        onCancel={() => setNaming(undefined)}
      >
        <Input
          aria-label={t('common.name')}
          value={naming}
          maxLength={40}
          onChange={(it) => setNaming(it.target.value)}
        />
      </Modal>
    </>
  );
}
