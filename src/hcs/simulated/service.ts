/** The Host Compute Service (vmcompute) of a simulated host: it can die, and be started again. */
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import { exitSystem, UNEXPECTED } from './endings.ts';
import type { CallName, CallRecord, Gate, Lifeline } from './faults.ts';
import type { HostState } from './state.ts';

/** What becomes of a call that is on its way when the service dies: its effect never comes, or has come. */
export type CutOff = 'undone' | 'done';

export interface ServiceDeath {
  /** Whether compute systems live on without the service. Default: true. */
  readonly systemsSurvive?: boolean;
  /** Whatever it is, the caller is not told which. Default: `undone`. */
  readonly inFlight?: CutOff | ((call: CallRecord) => CutOff);
}

/**
 * Layers are mounted, files read and their rights changed in the process of the caller, and the network is another
 * service's. A handle is closed without the service.
 */
function goesToService(call: CallName): boolean {
  return /^(compute|processes|guest|credentials)\./.test(call) && !call.endsWith('.close');
}

/** A call on its way to the service. */
class Flight {
  readonly record: CallRecord;
  /** Rejects when the service dies. */
  readonly cutOff: Promise<never>;
  #cut: (error: HostError) => void = () => {};
  readonly #effect: () => unknown;
  #begun = false;
  #isCut = false;

  constructor(record: CallRecord, effect: () => unknown) {
    this.record = record;
    this.#effect = effect;
    this.cutOff = new Promise((_, reject) => {
      this.#cut = reject;
    });
  }

  get #lost(): HostError {
    return new HostError(this.record.call, HRESULT.serviceDisconnect);
  }

  readonly gate: Gate = (part) => {
    if (this.#isCut) throw this.#lost;
    this.#begun = true;
    return part();
  };

  /** Carries out what was not carried out yet. */
  finish(): void {
    if (this.#begun) return;
    try {
      this.#effect();
    } catch {
      // It was refused: there is nothing that anybody could find.
    }
  }

  cut(): void {
    this.#isCut = true;
    this.#cut(this.#lost);
  }
}

export class SimulatedService implements Lifeline {
  readonly #state: HostState;
  readonly #flights = new Set<Flight>();
  readonly #watchers = new Map<() => void, string>();
  #isDown = false;

  constructor(state: HostState) {
    this.#state = state;
  }

  /** Has `told`, of the process `process`, called when the service dies; the function that is returned ends it. */
  watch(process: string, told: () => void): () => void {
    const watcher = () => told();
    this.#watchers.set(watcher, process);
    return () => void this.#watchers.delete(watcher);
  }

  /** The process ended: nobody in it can be told. */
  forget(process: string): void {
    for (const [watcher, owner] of this.#watchers) if (owner === process) this.#watchers.delete(watcher);
  }

  /**
   * Makes a call that is cut off when the service dies, if it is one to the service.
   * @param effect what it does to the host
   * @throws {HostError} when there is no service to take it
   */
  async carry<T>(record: CallRecord, effect: () => unknown, make: (gate: Gate) => Promise<T>): Promise<T> {
    if (!goesToService(record.call)) return make((part) => part());
    if (this.#isDown) throw new HostError(record.call, HRESULT.serverUnavailable);
    const flight = new Flight(record, effect);
    this.#flights.add(flight);
    try {
      return await Promise.race([make(flight.gate), flight.cutOff]);
    } finally {
      this.#flights.delete(flight);
    }
  }

  /** Its handles are dead and its credential guard instances gone; whoever watches is told. */
  die({ systemsSurvive = true, inFlight = 'undone' }: ServiceDeath = {}): void {
    if (this.#isDown) return;
    this.#isDown = true;
    const flights = [...this.#flights];
    for (const flight of flights) {
      if ((typeof inFlight === 'string' ? inFlight : inFlight(flight.record)) === 'done') flight.finish();
    }
    this.#state.handles.clear();
    this.#state.processHandles.clear();
    this.#state.credentialGuards.clear();
    if (!systemsSurvive) {
      for (const system of [...this.#state.systems.values()]) exitSystem(this.#state, system, UNEXPECTED);
    }
    for (const flight of flights) flight.cut();
    for (const told of [...this.#watchers.keys()]) told();
  }

  restart(): void {
    this.#isDown = false;
  }
}
