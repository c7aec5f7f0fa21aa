/**
 * What HCS tells by itself. It calls one function of ours for all handles, on a thread of its own that waits until
 * JavaScript has run it.
 *
 * Nothing native may call into JavaScript that has ended: before the process ends by itself, every handle is told to
 * call nothing any more. In a worker thread, which may be ended at any time, nothing is registered at all.
 */
import { isMainThread } from 'node:worker_threads';
import { EVENT_SIZE, eventOf } from './bindings/computecore.ts';
import { isFailure } from './blocking.ts';
import type { Libraries } from './ffi/declaring.ts';
import type { NativeCallback } from './ffi/seam.ts';
import type { NativeMemory } from './nativeMemory.ts';

/** `type`: an HCS_EVENT_TYPE; `document`: its data. */
export type Told = (type: number, document: string | undefined) => void;

/** Has native code call `callback` with the context for one handle, or nothing any more (0). Gives an HRESULT. */
export type SetCallback = (context: bigint, callback: bigint) => Promise<number>;

/** One handle that is listened to. */
export interface Listening {
  /** Whether native code has agreed; it never rejects. */
  readonly begun: Promise<boolean>;
  readonly isOver: boolean;
  /** When this resolves, nothing calls for the handle any more. */
  end(): Promise<void>;
}

/** Those that listen, to be silenced before the process ends by itself. */
const listening = new Set<NativeEvents>();

/** Anything that is begun here keeps the process going until it is done. */
function beforeExit(): void {
  for (const events of [...listening]) void events.silence();
}

export class NativeEvents {
  readonly #libraries: Libraries;
  readonly #memory: NativeMemory;
  readonly #told = new Map<number, { readonly told: Told; readonly listening: Listening }>();
  #callback: NativeCallback | undefined;
  #next = 1;

  constructor(libraries: Libraries, memory: NativeMemory) {
    this.#libraries = libraries;
    this.#memory = memory;
  }

  /** Whether anything can be told here. */
  static get areTold(): boolean {
    return isMainThread;
  }

  listen(set: SetCallback, told: Told): Listening {
    const context = this.#next;
    this.#next += 1;
    const succeeds = async (work: Promise<number>): Promise<boolean> => !isFailure(await work.catch(() => -1));
    const begun = succeeds(set(BigInt(context), this.#address()));
    const one = {
      begun,
      isOver: false,
      end: async () => {
        one.isOver = true;
        if (await begun) await succeeds(set(0n, 0n));
        this.#told.delete(context);
      },
    };
    this.#told.set(context, { told, listening: one });
    return one;
  }

  /** Nothing native calls any more: the process is about to end by itself. */
  async silence(): Promise<void> {
    listening.delete(this);
    await Promise.all([...this.#told.values()].map((one) => one.listening.end()));
    if (this.#told.size > 0) return;
    this.#callback?.release();
    this.#callback = undefined;
  }

  /** The function that native code calls. */
  #address(): bigint {
    listening.add(this);
    if (!process.listeners('beforeExit').includes(beforeExit)) process.on('beforeExit', beforeExit);
    this.#callback ??= this.#libraries.ffi.callback(['u64', 'u64'], (event, context) => {
      this.#onEvent(BigInt(event), Number(context));
    });
    return this.#callback.address;
  }

  /** The thread that called waits: what the event points at is copied now, and everything else comes later. */
  #onEvent(event: bigint, context: number): void {
    const { type, data } = eventOf(this.#memory.copy(event, EVENT_SIZE));
    const document = this.#memory.text(data);
    setImmediate(() => this.#told.get(context)?.told(type, document));
  }
}
