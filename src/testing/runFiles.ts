/** Run files in memory: what a run writes down while it goes on, and what it looks like when that is played again. */
import { Observable } from 'rxjs';
import type { Clock } from '../domain/clock.ts';
import type { ProvisionId } from '../domain/ids.ts';
import type { RecordedStatus } from '../domain/provisionStatus.ts';
import type { LedgerEntry } from '../domain/resource.ts';
import { realClock } from '../hcs/clock.ts';
import { foldLedger } from '../journal/ledger.ts';
import { headerOf, linesOf, parseRunFile } from '../journal/runFile.ts';
import { type LedgerStore, memoryLedgerStore, type RunNote, type RunRecord } from '../journal/store.ts';

type Line = RunRecord | RunNote;

export interface RecordingStore extends LedgerStore {
  /** What a journal in files would hold of the run: the text of its file, notes included. */
  runFile(run: ProvisionId): string;
}

/** A journal in memory that keeps what runs note besides: pass it to `createProvisioner` as `journal`. */
export function recordingStore(): RecordingStore {
  const store = memoryLedgerStore();
  const files = new Map<ProvisionId, Line[]>();
  const keep = (run: ProvisionId, line: Line): void => {
    files.set(run, [...(files.get(run) ?? []), line]);
  };
  return {
    ...store,
    append: async (run, record) => {
      await store.append(run, record);
      keep(run, record);
    },
    amend: (run, decide) =>
      store.amend(run, (records) => {
        const record = decide(records);
        if (record !== undefined) keep(run, record);
        return record;
      }),
    note: (run, note) => keep(run, note),
    runFile: (run) => {
      const header = headerOf(run);
      return linesOf([header, ...(files.get(run) ?? [])], '').text;
    },
  };
}

/** Where a run stood after a line of its file. */
export interface PlayedState {
  /** Milliseconds from the start of the run, as the last note of its file has said. */
  readonly atMs: number;
  readonly path: string;
  readonly status: RecordedStatus;
  /** The ledger. */
  readonly resources: readonly LedgerEntry[];
}

export interface PlayOptions {
  /** Moves the time between the states. Default: the real one. */
  readonly clock?: Clock;
}

const isNote = (line: Line): line is RunNote => line.type.startsWith('note.');

function linesIn(text: string): readonly Line[] {
  parseRunFile('the run file', Buffer.from(text));
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as Line);
}

function after(state: PlayedState, line: Line, records: readonly RunRecord[]): PlayedState {
  const atMs = 'atMs' in line ? line.atMs : state.atMs;
  if (line.type === 'note.state') return { ...state, atMs, path: line.path };
  if (line.type === 'run.status') return { ...state, status: line.status };
  return { ...state, atMs, resources: foldLedger(records) };
}

/** Every state of the run, in the order of its file. @throws {RunFileUnreadable} */
export function statesOfRunFile(text: string): readonly PlayedState[] {
  const states: PlayedState[] = [];
  const records: RunRecord[] = [];
  let state: PlayedState = { atMs: 0, path: 'initializing', status: 'provisioning', resources: [] };
  for (const line of linesIn(text)) {
    if (!isNote(line)) records.push(line);
    state = after(state, line, records);
    states.push(state);
  }
  return states;
}

/**
 * Plays a run file: emits its states when they are due, and completes after the last.
 * @throws {RunFileUnreadable} what is not as it was written
 */
export function playRunFile(text: string, { clock = realClock() }: PlayOptions = {}): Observable<PlayedState> {
  const states = statesOfRunFile(text);
  return new Observable((subscriber) => {
    const startedAt = clock.now();
    const next = (index: number): void => {
      const state = states[index];
      if (state === undefined) {
        subscriber.complete();
        return;
      }
      const wait = state.atMs - (clock.now() - startedAt);
      if (wait > 0) {
        timer = clock.setTimeout(() => next(index), wait);
        return;
      }
      subscriber.next(state);
      next(index + 1);
    };
    let timer: unknown;
    next(0);
    return () => clock.clearTimeout(timer);
  });
}
