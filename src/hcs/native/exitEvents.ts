/** Who wants to be told that what a handle is open to has exited. */
import { type Listening, NativeEvents } from './nativeEvents.ts';

/** What is peculiar to the handles of one kind. */
export interface Exiting<H, E> {
  /** HCS_EVENT_TYPE of their exits. */
  readonly event: number;
  /** HcsSetComputeSystemCallback, HcsSetProcessCallback; gives an HRESULT. */
  readonly set: (native: bigint, context: bigint, callback: bigint) => Promise<number>;
  /** What the data of such an event say. */
  readonly read: (document: string | undefined) => E;
  /** How it exited, as a call tells; undefined while it has not. */
  readonly look: (handle: H) => Promise<E | undefined>;
  /** Told of all other events. */
  readonly others?: (handle: H, type: number) => void;
}

interface Watched<E> {
  readonly native: bigint;
  readonly told: Set<(exit: E) => void>;
  listening?: Listening;
}

const FIRST_LOOK_MS = 5;
const LONGEST_LOOK_MS = 250;

export class ExitEvents<H extends number, E> {
  readonly #events: NativeEvents;
  readonly #exiting: Exiting<H, E>;
  readonly #open = new Map<H, Watched<E>>();

  constructor(events: NativeEvents, exiting: Exiting<H, E>) {
    this.#events = events;
    this.#exiting = exiting;
  }

  get handles(): Iterable<H> {
    return this.#open.keys();
  }

  /** A handle that is open from now on. */
  add(handle: H, native: bigint): void {
    this.#open.set(handle, { native, told: new Set() });
  }

  /** The handle is about to be closed: when this resolves, nothing calls for it any more. */
  async forget(handle: H): Promise<void> {
    const watched = this.#open.get(handle);
    this.#open.delete(handle);
    watched?.told.clear();
    await watched?.listening?.end();
  }

  /** Resolves when the events of the handle come, with false when they never will; every later call is made after that. */
  async listen(handle: H): Promise<boolean> {
    const watched = this.#open.get(handle);
    if (watched === undefined || !NativeEvents.areTold) return false;
    if (watched.listening === undefined || watched.listening.isOver) {
      const { native } = watched;
      watched.listening = this.#events.listen(
        (context, callback) => this.#exiting.set(native, context, callback),
        (type, document) => this.#tell(handle, type, document),
      );
    }
    return watched.listening.begun;
  }

  /** Has `told` called once when it exits; a handle that is closed has nothing to tell. */
  onExit(handle: H, told: (exit: E) => void): () => void {
    const watched = this.#open.get(handle);
    if (watched === undefined) return () => {};
    const watcher = (exit: E): void => told(exit);
    watched.told.add(watcher);
    void this.#follow(handle, watched, watcher);
    return () => void watched.told.delete(watcher);
  }

  #tell(handle: H, type: number, document: string | undefined): void {
    if (type === this.#exiting.event) this.#exited(handle, this.#exiting.read(document));
    else this.#exiting.others?.(handle, type);
  }

  #exited(handle: H, exit: E): void {
    const told = this.#open.get(handle)?.told;
    const watchers = [...(told ?? [])];
    told?.clear();
    for (const watcher of watchers) watcher(exit);
  }

  /** Asks again and again, where no events come. Like them, it does not keep the process alive. */
  async #follow(handle: H, { told }: Watched<E>, watcher: (exit: E) => void): Promise<void> {
    if (await this.listen(handle)) return;
    for (let delay = FIRST_LOOK_MS; told.has(watcher); delay = Math.min(delay * 2, LONGEST_LOOK_MS)) {
      try {
        const exit = await this.#exiting.look(handle);
        if (exit !== undefined) return this.#exited(handle, exit);
      } catch {
        // A handle that cannot be asked has nothing more to tell.
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, delay).unref());
    }
  }
}
