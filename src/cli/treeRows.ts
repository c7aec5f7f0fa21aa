/** What stands in the live tree, row by row, before it is cut to a terminal. */
import { placeInWords } from '../domain/admission.ts';
import type { Fault } from '../domain/fault.ts';
import type { ResourceId } from '../domain/ids.ts';
import { describeResource, isAlive, type LedgerEntry } from '../domain/resource.ts';
import type { StepName } from '../domain/step.ts';
import { isToBeReleased, progressOf, type StepProgress, type TreeModel, type Undoing } from './treeModel.ts';

export type RowStatus =
  | StepProgress['status']
  | 'warning'
  | 'cancelled'
  | 'undoing'
  | 'released'
  | 'kept'
  | 'residue'
  | 'blank';

/** Rows that may be drawn as one, with their number, when the terminal is too low. */
export type Fold =
  | 'space'
  | 'finishedChildren'
  | 'finishedSteps'
  | 'stepsToGo'
  | 'stepsNotReached'
  | 'released'
  | 'toBeReleased'
  | 'warnings';

export interface Row {
  readonly status: RowStatus;
  readonly depth: 0 | 1;
  readonly name: string;
  /** Steps share one column for their names; resources get as much as there is; a note is name and detail alone. */
  readonly layout: 'step' | 'resource' | 'note';
  readonly time?: string;
  readonly detail?: string;
  readonly fold?: Fold;
  /** How many steps or resources it stands for. */
  readonly weight: number;
}

interface Group {
  readonly heading: string;
  readonly steps: readonly StepName[];
}

/** The steps in their order, those of `allocating` under its heading. */
export const TREE: ReadonlyArray<StepName | Group> = [
  'initializing',
  'validating',
  'installingDrivers',
  'networking',
  {
    heading: 'allocating',
    steps: [
      'creatingScratch',
      'mountingLayers',
      'resolvingMounts',
      'creatingCredentials',
      'assigningDevices',
      'reinstallingDrivers',
    ],
  },
  'documenting',
  'creatingComputeSystem',
];

const BLANK: Row = { status: 'blank', depth: 0, name: '', layout: 'note', fold: 'space', weight: 0 };
const MINUTE = 60_000;

/** `58 ms`, `1.2 s`, `2m05s`. */
function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < MINUTE - 50) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
}

/** In tenths of a second, so that it is quiet enough to be read while it changes. */
function elapsed(milliseconds: number): string {
  return milliseconds < MINUTE - 50 ? `${(Math.max(0, milliseconds) / 1000).toFixed(1)} s` : duration(milliseconds);
}

const inShort = ({ code, host, message }: Fault): string => `${code}: ${host?.meaning ?? message}`;

function timeOf(progress: StepProgress, nowMs: number): string | undefined {
  if ('endMs' in progress) return duration(progress.endMs - progress.sinceMs);
  return 'sinceMs' in progress ? elapsed(nowMs - progress.sinceMs) : undefined;
}

function attemptOf(progress: StepProgress): readonly string[] {
  return 'attempt' in progress && progress.attempt > 1 ? [`try ${progress.attempt}`] : [];
}

function detailOf(progress: StepProgress, nowMs: number): string | undefined {
  switch (progress.status) {
    case 'waiting':
      return undefined;
    case 'skipped':
      return progress.reason;
    case 'queued':
      return `waits for its turn: ${placeInWords(progress.place)}`;
    case 'retrying':
      return `try ${progress.attempt} in ${elapsed(progress.nextAtMs - nowMs)}, ${inShort(progress.why)}`;
    case 'failed':
    case 'outcomeUnknown':
      return [...attemptOf(progress), inShort(progress.fault)].join(', ');
    case 'running': {
      const why = progress.lastFault === undefined ? [] : [inShort(progress.lastFault)];
      return [...attemptOf(progress), ...(progress.call === undefined ? why : [progress.call, ...why])].join(', ');
    }
    case 'stopping':
      return 'asked to stop';
    case 'stopped':
      return [...attemptOf(progress), 'stopped'].join(', ');
    case 'finished':
      return attemptOf(progress).join();
  }
}

/** Absent properties instead of undefined or empty ones. */
function texts(time: string | undefined, detail: string | undefined): Pick<Row, 'time' | 'detail'> {
  return { ...(time === undefined ? {} : { time }), ...(detail === undefined || detail === '' ? {} : { detail }) };
}

const isFinished = ({ status }: StepProgress): boolean => status === 'finished' || status === 'skipped';

const waitingFold = ({ undoing }: TreeModel): Fold => (undoing === undefined ? 'stepsToGo' : 'stepsNotReached');

function foldOf(model: TreeModel, progress: StepProgress, finished: Fold): Fold | undefined {
  if (isFinished(progress)) return finished;
  return progress.status === 'waiting' ? waitingFold(model) : undefined;
}

function stepRow(model: TreeModel, step: StepName, nowMs: number, depth: 0 | 1, finished: Fold): Row {
  const progress = progressOf(model, step);
  const fold = foldOf(model, progress, finished);
  const common = { status: progress.status, depth, name: step, layout: 'step', weight: 1 } as const;
  const words = texts(timeOf(progress, nowMs), detailOf(progress, nowMs));
  return { ...common, ...words, ...(fold === undefined ? {} : { fold }) };
}

/** The progress of a group is that of the first step that is not finished. */
function groupStatus(all: readonly StepProgress[]): RowStatus {
  const open = all.find((progress) => !isFinished(progress));
  if (open === undefined) return all.some(({ status }) => status === 'finished') ? 'finished' : 'skipped';
  if (open.status !== 'waiting') return open.status;
  return all.some(isFinished) ? 'running' : 'waiting';
}

function groupTime(all: readonly StepProgress[], nowMs: number): string | undefined {
  const begun = all.filter((progress) => 'sinceMs' in progress);
  const [first] = begun;
  if (first === undefined) return undefined;
  const ends = begun.map((progress) => ('endMs' in progress ? progress.endMs : undefined));
  const isOpen = ends.includes(undefined) || groupStatus(all) === 'running';
  if (isOpen) return elapsed(nowMs - first.sinceMs);
  return duration(Math.max(...ends.map((end) => end ?? 0)) - first.sinceMs);
}

function groupRows(model: TreeModel, { heading, steps }: Group, nowMs: number): readonly Row[] {
  const all = steps.map((step) => progressOf(model, step));
  const isDone = all.every(isFinished);
  const waits = all.every(({ status }) => status === 'waiting');
  const fold = isDone ? 'finishedSteps' : waits ? waitingFold(model) : undefined;
  const head = { status: groupStatus(all), depth: 0, name: heading, layout: 'step', weight: 0 } as const;
  const children = steps.map((step) => stepRow(model, step, nowMs, 1, isDone ? 'finishedChildren' : 'finishedSteps'));
  return [
    { ...head, ...texts(groupTime(all, nowMs), undefined), ...(fold === undefined ? {} : { fold }) },
    ...children,
  ];
}

function warningRows(model: TreeModel): readonly Row[] {
  const rows = model.warnings.map(
    ({ code, message, pointer }): Row => ({
      status: 'warning',
      depth: 0,
      name: code,
      layout: 'note',
      detail: `${message} (${pointer})`,
      fold: 'warnings',
      weight: 1,
    }),
  );
  return rows.length === 0 ? [] : [...rows, BLANK];
}

/** Residue may be tried again as long as nothing came after it and the undoing goes on. */
function resourceRow(entry: LedgerEntry, undoing: Undoing, current: ResourceId | undefined, nowMs: number): Row {
  const common = { depth: 1, name: describeResource(entry.resource), layout: 'resource', weight: 1 } as const;
  const took = undoing.durations.get(entry.id);
  if (entry.state === 'residue') {
    const mayBeTriedAgain = undoing.endMs === undefined && undoing.last?.id === entry.id;
    const tries = `${entry.attempts} ${entry.attempts === 1 ? 'try' : 'tries'}`;
    const why = entry.fault === undefined ? undefined : inShort(entry.fault);
    return { ...common, status: mayBeTriedAgain ? 'retrying' : 'residue', ...texts(tries, why) };
  }
  if (!isAlive(entry)) {
    return { ...common, status: 'released', fold: 'released', ...texts(duration(took ?? 0), undefined) };
  }
  if (undoing.kind !== 'rollback') return { ...common, status: 'kept' };
  if (entry.id !== current) return { ...common, status: 'waiting', fold: 'toBeReleased' };
  return { ...common, status: 'running', time: elapsed(nowMs - (undoing.last?.atMs ?? undoing.sinceMs)) };
}

function undoingRow(undoing: Undoing, entries: readonly LedgerEntry[], nowMs: number): Row {
  const isOver = undoing.endMs !== undefined;
  const kept = entries.filter(isAlive).length;
  const residue = entries.filter(({ state }) => state === 'residue').length;
  const common = { depth: 0, layout: 'step', weight: 0 } as const;
  const took = (undoing.endMs ?? nowMs) - undoing.sinceMs;
  const time = isOver ? duration(took) : elapsed(took);
  if (undoing.kind !== 'rollback') {
    return { ...common, status: isOver ? 'kept' : 'undoing', name: 'held', ...texts(time, `${kept} kept`) };
  }
  const count = `${entries.length - kept} of ${entries.length}${residue > 0 ? `, ${residue} left` : ''}`;
  const detail = entries.length === 0 ? 'nothing to release' : count;
  const status = !isOver ? 'undoing' : kept > 0 ? 'residue' : 'released';
  return { ...common, status, name: isOver ? 'rolled back' : 'rolling back', ...texts(time, detail) };
}

/** The resources of the undoing, as the ledger has them now. */
function undoingRows(model: TreeModel, nowMs: number): readonly Row[] {
  const { undoing, cancelReason } = model;
  const common = { depth: 0, layout: 'step', weight: 0 } as const;
  const cancel: Row[] =
    cancelReason === undefined ? [] : [{ ...common, status: 'cancelled', name: 'cancelled', detail: cancelReason }];
  if (undoing === undefined) return cancel;
  const entries = undoing.resources.flatMap((id) => model.entries.get(id) ?? []);
  const last = undoing.last === undefined ? undefined : model.entries.get(undoing.last.id);
  const current = last?.state === 'residue' ? undefined : entries.find(isToBeReleased)?.id;
  return [
    ...cancel,
    undoingRow(undoing, entries, nowMs),
    ...entries.map((entry) => resourceRow(entry, undoing, current, nowMs)),
  ];
}

/** The whole tree at a moment, in milliseconds from the start of the run. */
export function treeRows(model: TreeModel, nowMs: number): readonly Row[] {
  const steps = TREE.flatMap((item) =>
    typeof item === 'string' ? stepRow(model, item, nowMs, 0, 'finishedSteps') : groupRows(model, item, nowMs),
  );
  const undoing = undoingRows(model, nowMs);
  return [...warningRows(model), ...steps, ...(undoing.length === 0 ? [] : [BLANK]), ...undoing];
}
