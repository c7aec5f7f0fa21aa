import { render } from 'preact';
import { App } from './app.tsx';
import { recall } from './choosing.ts';
import { pressed } from './keyboard.ts';
import { acceptDrops } from './openFile.tsx';
import { now } from './state.ts';
import { listen } from './stream.ts';
import { showTheme } from './theme.ts';

const SECOND_MS = 1000;

showTheme();
recall();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
document.addEventListener('keydown', pressed);
acceptDrops(document.documentElement);
setInterval(() => {
  now.value += SECOND_MS;
}, SECOND_MS);
listen();
