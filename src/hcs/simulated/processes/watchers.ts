/** Who wants to be told of exits. */
import type { ProcessStatus, SystemExit } from '../../../domain/process.ts';
import type { HostState } from '../state.ts';
import type { ProcessRecord } from './record.ts';

export function statusOf({ pid, exit }: ProcessRecord): ProcessStatus {
  return exit === undefined
    ? { ProcessId: pid, Exited: false }
    : { ProcessId: pid, Exited: true, ExitCode: exit.exitCode };
}

/** What a handle tells of an exit; undefined while there is none. */
type Look<E> = () => E | undefined;

interface Watcher {
  readonly handle: number;
  /** Whose it is. */
  readonly process: string;
  /** Tells, if there is something to tell. */
  readonly look: () => boolean;
}

export class Watchers {
  readonly #state: HostState;
  readonly #watchers = new Set<Watcher>();
  #exitsSeen = 0;

  constructor(state: HostState) {
    this.#state = state;
  }

  get count(): number {
    return this.#watchers.size;
  }

  ofSystem(process: string, handle: number, told: (exit: SystemExit) => void): () => void {
    const look = (): SystemExit | undefined => {
      const open = this.#state.handles.get(handle);
      return open?.process === process ? open.system.exit : undefined;
    };
    return this.#watch(process, handle, look, told);
  }

  ofProcess(process: string, handle: number, told: (status: ProcessStatus) => void): () => void {
    const look = (): ProcessStatus | undefined => {
      const open = this.#state.processHandles.get(handle);
      return open?.process === process && open.record.exit !== undefined ? statusOf(open.record) : undefined;
    };
    return this.#watch(process, handle, look, told);
  }

  #watch<E>(process: string, handle: number, look: Look<E>, told: (exit: E) => void): () => void {
    if (look() !== undefined) return () => {};
    const watcher: Watcher = {
      handle,
      process,
      look: () => {
        const exit = look();
        if (exit === undefined) return false;
        // Whoever is told may throw: that is not for whoever brought the exit about.
        queueMicrotask(() => isWatching && told(exit));
        return true;
      },
    };
    let isWatching = true;
    this.#watchers.add(watcher);
    return () => {
      isWatching = false;
      this.#watchers.delete(watcher);
    };
  }

  /** Tells whoever waits for something that has happened since; `always`: also where nobody has counted it. */
  tell(always: boolean): void {
    if (!always && this.#exitsSeen === this.#state.exits) return;
    this.#exitsSeen = this.#state.exits;
    for (const watcher of this.#watchers) if (watcher.look()) this.#watchers.delete(watcher);
  }

  /** The handle is closed, or its process has ended: nobody is told any more. */
  forget(isOver: (handle: number, process: string) => boolean): void {
    for (const watcher of this.#watchers) {
      if (isOver(watcher.handle, watcher.process)) this.#watchers.delete(watcher);
    }
  }
}
