/** What HCS tells of compute systems by itself: their exits, and the end of the service. */
import { z } from 'zod';
import type { SystemExit } from '../../domain/process.ts';
import type { SystemHandle } from '../port.ts';
import { EVENT } from './bindings/computecore.ts';
import { ExitEvents, type Exiting } from './exitEvents.ts';
import { objectIn } from './fields.ts';
import type { NativeEvents } from './nativeEvents.ts';

const exitTypes = z.enum(['None', 'GracefulExit', 'ForcedExit', 'UnexpectedExit', 'Unknown']);
const exitStatus = z.object({ Status: z.number().int().catch(0), ExitType: exitTypes.catch('Unknown') });

/** What a SystemExitStatus says; one that cannot be read says that the system has ended, and nothing more. */
export function exitOf(document: string | undefined): SystemExit {
  return exitStatus.catch({ Status: 0, ExitType: 'Unknown' }).parse(objectIn(document ?? ''));
}

export class SystemEvents {
  readonly exits: ExitEvents<SystemHandle, SystemExit>;
  /** Which life of the service each handle is of: all handles of one hear of its end. */
  readonly #lives = new Map<SystemHandle, number>();
  readonly #toldOfService = new Set<() => void>();
  #life = 0;

  constructor(events: NativeEvents, { set, look }: Pick<Exiting<SystemHandle, SystemExit>, 'set' | 'look'>) {
    this.exits = new ExitEvents(events, {
      event: EVENT.systemExited,
      set,
      look,
      read: exitOf,
      others: (handle, type) => {
        if (type === EVENT.serviceDisconnect) this.#serviceDied(handle);
      },
    });
  }

  onServiceDisconnect(told: () => void): () => void {
    const watcher = () => told();
    this.#toldOfService.add(watcher);
    for (const handle of this.exits.handles) void this.exits.listen(handle);
    return () => void this.#toldOfService.delete(watcher);
  }

  /** An open system; it is listened to from now on if anybody wants to know of the service. */
  async add(handle: SystemHandle, native: bigint): Promise<void> {
    this.#lives.set(handle, this.#life);
    this.exits.add(handle, native);
    if (this.#toldOfService.size > 0) await this.exits.listen(handle);
  }

  /** The system is about to be closed: when this resolves, nothing calls for it any more. */
  async forget(handle: SystemHandle): Promise<void> {
    this.#lives.delete(handle);
    await this.exits.forget(handle);
  }

  /** Whoever watches is told once of one death, however many handles died of it. */
  #serviceDied(handle: SystemHandle): void {
    if (this.#lives.get(handle) !== this.#life) return;
    this.#life += 1;
    for (const told of [...this.#toldOfService]) told();
  }
}
