/** What a drawn statechart shows of a run. */
import type { Drawing, StateBox } from '../drawing/geometry.ts';
import type { Story } from '../story/story.ts';

export type Standing = 'never' | 'active' | 'passed' | 'skipped' | 'failed' | 'queued';

/** One state as it is drawn for a run. */
export interface ShownState {
  readonly box: StateBox;
  readonly standing: Standing;
  /** How often it was entered. */
  readonly entered: number;
  readonly spentMs: number;
  readonly retries: number;
  /** Why it was skipped or failed. */
  readonly reason: string | null;
  /** Where in it the run is, or was last, when its inside is not drawn. */
  readonly within: string;
}

/** The run came to a drawn state and stayed for a while. */
export interface Stay {
  readonly path: string;
  readonly enteredMs: number;
  /** null: it is there now. */
  readonly leftMs: number | null;
  /** Where in it the run was last, when its inside is not drawn. */
  readonly within: string;
}

export interface Chart {
  readonly states: readonly ShownState[];
  /** `from>to` of the arrows that the run has taken. */
  readonly taken: ReadonlySet<string>;
  readonly stays: readonly Stay[];
}

/** States that decide where to go, and are left in the same moment. */
const PASSED_AT_ONCE = new Set(['failing', 'beginning']);

/** The deepest drawn state that a path lies in. */
function drawnAt(path: string, drawn: ReadonlySet<string>): string {
  const parts = path.split('.');
  while (parts.length > 0 && !drawn.has(parts.join('.'))) parts.pop();
  return parts.join('.');
}

const isIn = (path: string, state: string): boolean => path === state || path.startsWith(`${state}.`);

function staysOf(story: Pick<Story, 'visits'>, drawing: Drawing): readonly Stay[] {
  const drawn = new Set(drawing.states.map(({ path }) => path));
  const stays: Stay[] = [];
  for (const visit of story.visits) {
    const path = drawnAt(visit.path, drawn);
    if (path === '') continue;
    const within = visit.path.slice(path.length + 1);
    const last = stays.at(-1);
    if (last?.path === path) stays[stays.length - 1] = { ...last, leftMs: visit.leftMs, within };
    else stays.push({ path, enteredMs: visit.enteredMs, leftMs: visit.leftMs, within });
  }
  return stays;
}

/** Arrows join siblings: of two paths, the states that they part at. */
function arrowBetween(from: string, to: string): string | undefined {
  const [left, right] = [from.split('.'), to.split('.')];
  const fork = left.findIndex((part, index) => part !== right[index]);
  if (fork < 0 || fork >= right.length) return undefined;
  return `${left.slice(0, fork + 1).join('.')}>${right.slice(0, fork + 1).join('.')}`;
}

/** The arrow itself, or two by way of a state in which a run never stays. */
function waysOf(arrow: string, drawn: ReadonlySet<string>, arrows: Drawing['arrows']): readonly string[] {
  if (drawn.has(arrow)) return [arrow];
  const [from, to] = arrow.split('>');
  const first = arrows.find(
    ({ source, target }) => source === from && PASSED_AT_ONCE.has(target) && drawn.has(`${target}>${to}`),
  );
  return first === undefined ? [] : [`${from}>${first.target}`, `${first.target}>${to}`];
}

function takenBy(stays: readonly Stay[], { arrows }: Drawing): ReadonlySet<string> {
  const drawn = new Set(arrows.map(({ source, target }) => `${source}>${target}`));
  const between = stays.slice(1).flatMap((stay, index) => arrowBetween(stays[index]?.path ?? '', stay.path) ?? []);
  return new Set(between.flatMap((arrow) => waysOf(arrow, drawn, arrows)));
}

function standingOf(story: Story, path: string, entered: number): Standing {
  if (isIn(story.path, path)) return story.path.endsWith('.queued') ? 'queued' : 'active';
  const step = story.steps.find((one) => one.step === path.split('.').at(-1));
  if (step?.status === 'skipped') return 'skipped';
  if (step?.status === 'failed' || step?.status === 'unknown') return 'failed';
  return entered > 0 ? 'passed' : 'never';
}

function shownOf(box: StateBox, story: Story, stays: readonly Stay[], lastMs: number): ShownState {
  const own = stays.filter(({ path }) => isIn(path, box.path));
  const step = story.steps.find((one) => one.step === box.name);
  const entries = box.isComposite ? Math.min(1, own.length) : own.length;
  return {
    box,
    standing: standingOf(story, box.path, own.length),
    entered: entries,
    spentMs: own.reduce((sum, { enteredMs, leftMs }) => sum + Math.max(0, (leftMs ?? lastMs) - enteredMs), 0),
    retries: step?.retries ?? 0,
    reason: step?.reason ?? null,
    within: own.at(-1)?.within ?? '',
  };
}

/** `lastMs`: until when the state counts that the run is in. */
export function chartOf(story: Story, drawing: Drawing, lastMs: number): Chart {
  const stays = staysOf(story, drawing);
  return {
    states: drawing.states.map((box) => shownOf(box, story, stays, lastMs)),
    taken: takenBy(stays, drawing),
    stays,
  };
}
