/** What the page knows and what is chosen on it. */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Problem, RunOverview } from '../protocol.ts';
import type { Story } from '../story/story.ts';
import { MOVING, NEEDS_HANDS } from './words.ts';

export const TABS = ['statechart', 'sequence', 'waterfall', 'ledger', 'document'] as const;
export type TabName = (typeof TABS)[number];

export type Connection = 'connecting' | 'live' | 'lost';

export const connection = signal<Connection>('connecting');
export const tab = signal<TabName>('statechart');
export const filter = signal('');
export const chosen = signal<string | null>(null);
/** On narrow screens one of the two is shown. */
export const isListShown = signal(true);
export const isHelpShown = signal(false);
export const problem = signal<Problem | null>(null);
/** Files that the server cannot read. */
export const unreadable = signal<readonly Problem[]>([]);
/** The run that the server tells of. */
export const liveStory = signal<Story | null>(null);
/** Opened from files, by the name that they have in the list. */
export const files = signal<ReadonlyMap<string, Story>>(new Map());
/** The time of the server, once a second. */
export const now = signal(Date.now());

const runs = new Map<string, Signal<RunOverview>>();
const runsChanged = signal(0);

export const story: ReadonlySignal<Story | null> = computed(() => {
  const id = chosen.value;
  if (id === null) return null;
  const opened = files.value.get(id);
  if (opened !== undefined) return opened;
  return liveStory.value?.id === id ? liveStory.value : null;
});

export function runNamed(id: string): ReadonlySignal<RunOverview> | undefined {
  return runs.get(id);
}

/** Takes in what the server tells of runs; each row of the list follows its own run. */
export function runsTold(told: readonly RunOverview[], isAll: boolean): void {
  if (isAll) {
    const named = new Set(told.map(({ id }) => id));
    for (const id of runs.keys()) if (!named.has(id)) runs.delete(id);
  }
  for (const run of told) {
    const known = runs.get(run.id);
    if (known === undefined) runs.set(run.id, signal(run));
    else known.value = run;
  }
  runsChanged.value += 1;
}

const GROUPS = ['Needs hands', 'Moving', 'Standing', 'Ended'] as const;
export type GroupName = (typeof GROUPS)[number];

function groupOf({ status }: RunOverview): GroupName {
  if (NEEDS_HANDS.includes(status)) return 'Needs hands';
  if (MOVING.includes(status)) return 'Moving';
  return status === 'provisioned' ? 'Standing' : 'Ended';
}

const textOf = (run: RunOverview): string =>
  [run.id, run.systemId, run.kind, run.status, run.step, run.path, run.waiting.what, run.fault?.code ?? '']
    .join(' ')
    .toLowerCase();

function matching(): readonly RunOverview[] {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  return [...runs.values()]
    .map((run) => run.peek())
    .filter((run) => words.length === 0 || words.every((word) => textOf(run).includes(word)));
}

export interface Group {
  readonly name: GroupName;
  readonly ids: readonly string[];
}

let lastGroups: readonly Group[] = [];

/** What needs hands first, the newest first in each group. The same object as before where nothing has moved. */
export const groups: ReadonlySignal<readonly Group[]> = computed(() => {
  runsChanged.value;
  const shown = [...matching()].sort((a, b) => b.startedAt.localeCompare(a.startedAt) || a.id.localeCompare(b.id));
  const grouped = GROUPS.map((name) => ({
    name,
    ids: shown.filter((run) => groupOf(run) === name).map(({ id }) => id),
  })).filter(({ ids }) => ids.length > 0);
  if (JSON.stringify(grouped) !== JSON.stringify(lastGroups)) lastGroups = grouped;
  return lastGroups;
});

export const runCount: ReadonlySignal<number> = computed(() => {
  runsChanged.value;
  return runs.size;
});

/** Every id in the order in which the list shows them. */
export const listed: ReadonlySignal<readonly string[]> = computed(() => [
  ...files.value.keys(),
  ...groups.value.flatMap(({ ids }) => ids),
]);
