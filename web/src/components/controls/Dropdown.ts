/** Menus come after the page: nobody opens one before there is something to see. */
export { Dropdown } from 'antd';
