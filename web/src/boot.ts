/**
 * The first thing that runs. Who is signed in, the page of this address with what it shows, and everything else
 * are asked for at once; one after another they would be four ways to the server and back.
 */
// Before the styles of any page, which may say otherwise.
import './theme/global.css';
import './layout/layout.css';
import { askEarly } from './api/early';
import { ME } from './api/questions';
import { pageOf } from './pages';
import { askFor } from './pages/early';

const [path, load] = pageOf(location.pathname) ?? [];
void askEarly(...ME);
void load?.();
void import('./main');
// Code first: what it does with the answers takes longer than they do.
askFor(path, location);
