/** What people do on the page, and the address that remembers it. */
import { chosen, files, isListShown, listed, liveStory, problem, TABS, type TabName, tab } from './state.ts';

function isTab(name: string): name is TabName {
  return TABS.some((known) => known === name);
}

function remember(): void {
  const place = new URLSearchParams({ tab: tab.value });
  if (chosen.value !== null && !files.value.has(chosen.value)) place.set('run', chosen.value);
  history.replaceState(null, '', `${location.pathname}#${place}`);
}

export function choose(id: string): void {
  if (chosen.value !== id) {
    problem.value = null;
    if (liveStory.value?.id !== id) liveStory.value = null;
  }
  chosen.value = id;
  isListShown.value = false;
  remember();
}

export function chooseTab(name: TabName): void {
  tab.value = name;
  remember();
}

/** The one `by` places further down the list. */
export function chooseNext(by: number): void {
  const ids = listed.value;
  if (ids.length === 0) return;
  const at = ids.indexOf(chosen.value ?? '');
  const next = ids[at < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, at + by))];
  if (next === undefined) return;
  choose(next);
  document.getElementById(rowId(next))?.scrollIntoView({ block: 'nearest' });
}

export function chooseNextTab(by: number): void {
  const next = TABS[(TABS.indexOf(tab.value) + by + TABS.length) % TABS.length];
  if (next !== undefined) chooseTab(next);
}

export const rowId = (id: string): string => `run-${id}`;

/** Takes up what the address says, and forgets the token in it: from now on a cookie has that. */
export function recall(): void {
  const place = new URLSearchParams(location.hash.slice(1));
  const [run, name] = [place.get('run'), place.get('tab')];
  if (name !== null && isTab(name)) tab.value = name;
  if (run !== null) choose(run);
  else remember();
}

/** Below this, the list and a run are not seen at the same time. */
const WIDE = '(width >= 760px)';

/** Shows the first run of the list where nothing was chosen. */
export function chooseFirst(): void {
  const [first] = listed.value;
  if (chosen.value === null && problem.value === null && first !== undefined && matchMedia(WIDE).matches) choose(first);
}
