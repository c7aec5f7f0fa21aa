/**
 * What HCS tells of systems by itself: their exits, and the end of the service. It calls one function of ours for all
 * of them, on a thread of its own that waits until JavaScript has run it.
 *
 * Nothing native may call into JavaScript that has ended: before the process ends by itself, every system is told to
 * call nothing any more. In a worker thread, which may be ended at any time, nothing is registered at all.
 */
import { isMainThread } from 'node:worker_threads';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import type { SystemExit, SystemHandle } from '../port.ts';
import { EVENT, EVENT_SIZE, eventOf, SYSTEMS } from './bindings/computecore.ts';
import type { Turns } from './blocking.ts';
import type { Bound, Libraries } from './ffi/declaring.ts';
import type { NativeCallback } from './ffi/seam.ts';
import type { NativeMemory } from './nativeMemory.ts';
import { exitOf } from './resultError.ts';

type ToldOfExit = (exit: SystemExit) => void;

interface Watched {
  readonly system: bigint;
  /** Which life of the service the handle is of: all handles of one hear of its end. */
  readonly life: number;
  readonly exit: Set<ToldOfExit>;
  registered?: Promise<void>;
  exited?: SystemExit;
}

/** Those that listen, to be silenced before the process ends by itself. */
const listening = new Set<SystemEvents>();

/** Anything that is begun here keeps the process going until it is done. */
function beforeExit(): void {
  for (const events of [...listening]) void events.silence();
}

export class SystemEvents {
  readonly #libraries: Libraries;
  readonly #native: Bound<typeof SYSTEMS>;
  readonly #memory: NativeMemory;
  readonly #turns: Turns;
  readonly #systems = new Map<SystemHandle, Watched>();
  readonly #toldOfService = new Set<() => void>();
  #callback: NativeCallback | undefined;
  #life = 0;

  constructor(libraries: Libraries, memory: NativeMemory, turns: Turns) {
    this.#libraries = libraries;
    this.#native = libraries.bind('computecore', SYSTEMS);
    this.#memory = memory;
    this.#turns = turns;
  }

  /** Whether anything can be told here. */
  static get areTold(): boolean {
    return isMainThread;
  }

  onServiceDisconnect(told: () => void): () => void {
    const watcher = () => told();
    this.#toldOfService.add(watcher);
    for (const [handle, watched] of this.#systems) this.#listen(handle, watched);
    return () => void this.#toldOfService.delete(watcher);
  }

  /** @throws {HostError} ERROR_INVALID_HANDLE for a handle that is closed */
  onSystemExit(handle: SystemHandle, told: ToldOfExit): () => void {
    const watched = this.#systems.get(handle);
    if (watched === undefined) throw new HostError('compute.onSystemExit', HRESULT.invalidHandle);
    const watcher: ToldOfExit = (exit) => told(exit);
    watched.exit.add(watcher);
    if (watched.exited === undefined) this.#listen(handle, watched);
    else setImmediate(() => tellOfExit(watched));
    return () => void watched.exit.delete(watcher);
  }

  /** An open system; it is listened to from now on if anybody wants to know of the service. */
  async add(handle: SystemHandle, system: bigint): Promise<void> {
    const watched: Watched = { system, life: this.#life, exit: new Set() };
    this.#systems.set(handle, watched);
    if (this.#toldOfService.size > 0) this.#listen(handle, watched);
    await watched.registered;
  }

  /** The system is about to be closed: when this resolves, nothing calls for it any more. */
  async forget(handle: SystemHandle): Promise<void> {
    const watched = this.#systems.get(handle);
    this.#systems.delete(handle);
    if (watched !== undefined) await this.#unlisten(watched);
  }

  /** Nothing native calls any more: the process is about to end by itself. */
  async silence(): Promise<void> {
    listening.delete(this);
    for (const watched of this.#systems.values()) await this.#unlisten(watched);
    this.#callback?.release();
    this.#callback = undefined;
  }

  /** Of a system that cannot be listened to, the answers to calls say the same, only later. */
  #listen(handle: SystemHandle, watched: Watched): void {
    if (watched.registered !== undefined) return;
    listening.add(this);
    if (!process.listeners('beforeExit').includes(beforeExit)) process.on('beforeExit', beforeExit);
    this.#callback ??= this.#libraries.ffi.callback(['u64', 'u64'], (event, context) => {
      this.#onEvent(BigInt(event), Number(context) as SystemHandle);
    });
    watched.registered = this.#set(watched.system, BigInt(handle), this.#callback.address);
  }

  async #unlisten(watched: Watched): Promise<void> {
    if (watched.registered === undefined) return;
    await watched.registered;
    await this.#set(watched.system, 0n, 0n);
    delete watched.registered;
  }

  async #set(system: bigint, context: bigint, callback: bigint): Promise<void> {
    await this.#turns
      .short('compute.open', () => this.#native.HcsSetComputeSystemCallback.later(system, 0, context, callback))
      .catch(() => undefined);
  }

  /** The thread that called waits: what the event points at is copied now, and everything else comes later. */
  #onEvent(event: bigint, handle: SystemHandle): void {
    const { type, data } = eventOf(this.#memory.copy(event, EVENT_SIZE));
    const document = this.#memory.text(data);
    setImmediate(() => this.#tell(type, document, handle));
  }

  #tell(type: number, document: string | undefined, handle: SystemHandle): void {
    const watched = this.#systems.get(handle);
    if (watched === undefined) return;
    if (type === EVENT.serviceDisconnect) this.#serviceDied(watched);
    if (type !== EVENT.systemExited) return;
    watched.exited = exitOf(document);
    tellOfExit(watched);
  }

  /** Whoever watches is told once of one death, however many handles died of it. */
  #serviceDied({ life }: Watched): void {
    if (life !== this.#life) return;
    this.#life += 1;
    for (const told of [...this.#toldOfService]) told();
  }
}

function tellOfExit({ exit, exited }: Watched): void {
  if (exited === undefined) return;
  const told = [...exit];
  exit.clear();
  for (const tell of told) tell(exited);
}
