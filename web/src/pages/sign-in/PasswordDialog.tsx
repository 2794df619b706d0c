/** The own password, changed from anywhere. */
import { Modal } from 'antd';
import Password from './Password';

export default function PasswordDialog({ close }: { close: () => void }) {
  return (
    <Modal open footer={null} onCancel={close}>
      <Password />
    </Modal>
  );
}
