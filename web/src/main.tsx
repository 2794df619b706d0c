import './i18n';
import { createRoot } from 'react-dom/client';
import { endEarly } from './api/early';
import { App } from './App';
import { register } from './offline/register';

endEarly();
const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
register();
