import './i18n';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { register } from './offline/register';

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
register();
