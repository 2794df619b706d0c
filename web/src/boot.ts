/**
 * The first thing that runs. Who is signed in, the page of this address and everything else are asked
 * for at once; one after another they would be three ways to the server and back.
 */
// Before the styles of any page, which may say otherwise.
import './theme/global.css';
import './layout/layout.css';
import { askEarly } from './api/early';
import { pageOf } from './pages';

askEarly();
void pageOf(location.pathname)?.();
void import('./main');
