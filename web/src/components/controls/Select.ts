/** Lists to choose from come after the page: what is chosen stands there as text until then. */
export { Select } from 'antd';
