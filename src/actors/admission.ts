import {
  ADMISSION_CLASSES,
  type AdmissionClass,
  type AdmissionLimits,
  limitsOf,
  type QueuePlace,
} from '../domain/admission.ts';
import type { ProvisionId } from '../domain/ids.ts';

/** Who asks: the older run, by its number, is served first. */
export interface Asking {
  readonly id: ProvisionId;
  readonly number: number;
}

interface Waiting extends Asking {
  /** Told whether it has got a slot, or left the queue without. */
  readonly end: (admitted: boolean) => void;
}

/** The slots of one class, and those who wait for one. */
class Slots {
  /** In the order in which they are served. */
  readonly #waiting: Waiting[] = [];
  /** Slots whose work is done; their runs may go on with work of the same class at once. */
  readonly #idle = new Set<number>();
  #free: number;

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Takes a slot; false when all are taken. */
  take({ number }: Asking): boolean {
    if (this.#idle.delete(number)) return true;
    if (this.#free === 0) return false;
    this.#free -= 1;
    return true;
  }

  /** Gives a slot back: to the next one that waits, unless its run asks for it again in this turn of the event loop. */
  giveBack({ number }: Asking): void {
    if (this.#waiting.length === 0) {
      this.#free += 1;
      return;
    }
    this.#idle.add(number);
    setImmediate(() => {
      if (this.#idle.delete(number)) this.#handOver();
    });
  }

  /** @returns how many are served before it */
  join(waiting: Waiting): number {
    const at = this.#waiting.findLastIndex(({ number }) => number < waiting.number) + 1;
    this.#waiting.splice(at, 0, waiting);
    return at;
  }

  leave(id: ProvisionId): void {
    const at = this.ahead(id);
    if (at >= 0) for (const { end } of this.#waiting.splice(at, 1)) end(false);
  }

  /** How many are served before a run; -1 when it does not wait here. */
  ahead(id: ProvisionId): number {
    return this.#waiting.findIndex((waiting) => waiting.id === id);
  }

  #handOver(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next.end(true);
  }
}

/** A wait for a slot. */
export interface Turn {
  readonly ahead: number;
  /** Resolves to true with a slot, and to false when it left the queue. */
  readonly come: Promise<boolean>;
}

/** How much work of each class goes on at once, over all runs of a provisioner. */
export class Admission {
  readonly #slots: Readonly<Record<AdmissionClass, Slots>>;

  /** @throws {RangeError} for a bad limit */
  constructor(limits: AdmissionLimits = {}) {
    const { layers, network, systems, vms } = limitsOf(limits);
    this.#slots = {
      layers: new Slots(layers),
      network: new Slots(network),
      systems: new Slots(systems),
      vms: new Slots(vms),
    };
  }

  /** Takes a slot if there is one for it. Whoever takes one gives it back. */
  take(kind: AdmissionClass, asking: Asking): boolean {
    return this.#slots[kind].take(asking);
  }

  giveBack(kind: AdmissionClass, asking: Asking): void {
    this.#slots[kind].giveBack(asking);
  }

  /** Comes after `take`, when that gave none. */
  wait(kind: AdmissionClass, { id, number }: Asking): Turn {
    let ahead = 0;
    const come = new Promise<boolean>((end) => {
      ahead = this.#slots[kind].join({ id, number, end });
    });
    return { ahead, come };
  }

  /** The run does not wait any more; what slots it has, it keeps. */
  leave(id: ProvisionId): void {
    for (const slots of Object.values(this.#slots)) slots.leave(id);
  }

  /** Where a run waits; undefined when it does not. */
  placeOf(id: ProvisionId): QueuePlace | undefined {
    return ADMISSION_CLASSES.map((kind) => ({ class: kind, ahead: this.#slots[kind].ahead(id) })).find(
      ({ ahead }) => ahead >= 0,
    );
  }
}
