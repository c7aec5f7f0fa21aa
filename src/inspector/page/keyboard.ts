import { chooseNext, chooseNextTab, chooseTab } from './choosing.ts';
import { isHelpShown, isListShown, TABS } from './state.ts';
import { nextTheme } from './theme.ts';

export const FILTER_ID = 'filter';

/** What each key does, in the words of the help. */
export const KEYS: ReadonlyArray<{ readonly keys: readonly string[]; readonly does: string }> = [
  { keys: ['↑', '↓', 'k', 'j'], does: 'the run before, the run after' },
  { keys: ['1', '…', String(TABS.length)], does: 'a view' },
  { keys: ['←', '→'], does: 'the view before, the view after' },
  { keys: ['/'], does: 'filter the list' },
  { keys: ['l'], does: 'back to the list, on a narrow screen' },
  { keys: ['t'], does: 'colours: as the system has them, light, dark' },
  { keys: ['?'], does: 'this help' },
  { keys: ['Esc'], does: 'leave the filter or the help' },
];

const ACTIONS: Readonly<Record<string, () => void>> = {
  ArrowDown: () => chooseNext(1),
  j: () => chooseNext(1),
  ArrowUp: () => chooseNext(-1),
  k: () => chooseNext(-1),
  ArrowRight: () => chooseNextTab(1),
  ArrowLeft: () => chooseNextTab(-1),
  l: () => {
    isListShown.value = true;
  },
  t: nextTheme,
  '?': () => {
    isHelpShown.value = true;
  },
  '/': () => {
    isListShown.value = true;
    // The list may have been hidden until now: it is there with the next frame.
    requestAnimationFrame(() => document.getElementById(FILTER_ID)?.focus());
  },
};

function takesText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]');
}

/** Arrows scroll what has the focus and can be scrolled, and act on what takes them itself. */
function hasOwnArrows(target: EventTarget | null, key: string): boolean {
  if (!key.startsWith('Arrow') || !(target instanceof HTMLElement)) return false;
  return target.closest('[data-own-arrows]') !== null;
}

export function pressed(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') {
    isHelpShown.value = false;
    if (takesText(event.target) && event.target instanceof HTMLElement) event.target.blur();
    return;
  }
  if (isHelpShown.value || takesText(event.target) || hasOwnArrows(event.target, event.key)) return;
  const numbered = TABS[Number(event.key) - 1];
  const action = numbered === undefined ? ACTIONS[event.key] : () => chooseTab(numbered);
  if (action === undefined) return;
  event.preventDefault();
  action();
}
