/** The own password, changed from anywhere. */
import { Modal } from 'antd';
import Password from './Password';

export default function PasswordDialog({ open, close }: { open: boolean; close: () => void }) {
  return (
    <Modal open={open} footer={null} onCancel={close} destroyOnHidden>
      <Password />
    </Modal>
  );
}
