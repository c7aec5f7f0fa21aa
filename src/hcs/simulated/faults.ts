import type { Clock } from '../../domain/clock.ts';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';

/** Every call of the port, and whether it changes the host. */
export const CALLS = {
  facts: 'reads',
  'compute.create': 'changes',
  'compute.open': 'reads',
  'compute.properties': 'reads',
  'compute.terminate': 'changes',
  'compute.close': 'changes',
  'network.createNamespace': 'changes',
  'network.queryNamespace': 'reads',
  'network.deleteNamespace': 'changes',
  'network.addEndpoint': 'changes',
  'network.removeEndpoint': 'changes',
  'layers.nameToGuid': 'reads',
  'layers.createScratch': 'changes',
  'layers.activate': 'changes',
  'layers.deactivate': 'changes',
  'layers.prepare': 'changes',
  'layers.unprepare': 'changes',
  'layers.mountPath': 'reads',
  'credentials.addInstance': 'changes',
  'credentials.instances': 'reads',
  'credentials.removeInstance': 'changes',
  'files.stat': 'reads',
  'files.read': 'reads',
  'files.resolve': 'reads',
  'files.createFolder': 'changes',
  'files.removeFolder': 'changes',
  'files.removeFile': 'changes',
  'files.size': 'reads',
  'files.readBytes': 'reads',
  'files.copy': 'changes',
  'compute.start': 'changes',
  'compute.shutdown': 'changes',
  'compute.pause': 'changes',
  'compute.resume': 'changes',
  'compute.modify': 'changes',
  'compute.statistics': 'reads',
  'compute.processes': 'reads',
  'processes.create': 'changes',
  'processes.open': 'reads',
  'processes.properties': 'reads',
  'processes.signal': 'changes',
  'processes.terminate': 'changes',
  'processes.resize': 'changes',
  'processes.closeStdin': 'changes',
  'processes.close': 'changes',
  'network.queryEndpoint': 'reads',
  'guest.attach': 'changes',
  'guest.detach': 'changes',
  'guest.exec': 'changes',
  'guest.createContainer': 'changes',
  'vmAccess.grant': 'changes',
  'vmAccess.revoke': 'changes',
  'vmAccess.grantGroup': 'changes',
  'vmAccess.revokeGroup': 'changes',
} as const satisfies Record<string, 'reads' | 'changes'>;

export type CallName = keyof typeof CALLS;

/**
 * When a call goes wrong. `before`: it fails without effect. `after`: it takes effect and then fails. `never`: it does
 * not answer; when it is made to (`answerPending`), it takes effect then. `neverAfterEffect`: it has taken effect, and
 * does not answer.
 */
export type FaultMoment = 'before' | 'after' | 'never' | 'neverAfterEffect';

export interface InjectedFault {
  /** Default: any call. */
  readonly call?: CallName;
  /** The n-th call that matches, counted from now. Default: 1. */
  readonly nth?: number;
  /** Every call that matches from the n-th one on. */
  readonly every?: boolean;
  readonly when: FaultMoment;
  /** Default: ERROR_ACCESS_DENIED. */
  readonly hresult?: number;
  readonly detail?: string;
}

export interface CallRecord {
  /** From 1. */
  readonly n: number;
  readonly call: CallName;
  readonly target: string;
  outcome: 'pending' | 'succeeded' | 'failed';
  /** Whether a fault was injected into it. */
  injected: boolean;
}

interface Armed {
  readonly fault: InjectedFault;
  seen: number;
}

/** Carries out what one call does to the state of the host, whole or not at all. */
export type Transact = <T>(effect: () => T) => Promise<T>;

/** Runs a part of a call, if whoever carries it out still lives. */
export type Gate = <T>(part: () => T) => T;

/** What a call does, what it gives, and how either is done as long as its process lives. */
interface Work<T, A> {
  readonly effect: () => T;
  readonly answer: (value: T) => A;
  readonly alive: Transact;
}

/** What calls may depend on beside the host itself. */
export interface Lifeline {
  /** Makes a call that may be cut off; `effect` is what it does to the host. */
  carry<T>(record: CallRecord, effect: () => unknown, make: (gate: Gate) => Promise<T>): Promise<T>;
}

/** Milliseconds that calls take: all of them, or by name. */
export type Latencies = number | Partial<Readonly<Record<CallName, number>>>;

/** What the calls of all processes have in common. */
class Switchboard {
  readonly calls: CallRecord[] = [];
  readonly armed: Armed[] = [];
  readonly pending = new Map<CallRecord, () => void>();
}

/** Makes the calls of one process to a simulated host: late, recorded, and wrong on demand. */
export class Caller {
  readonly #board: Switchboard;
  readonly #clock: Clock;
  readonly #latencies: Latencies;
  readonly #service: Lifeline;
  readonly #transact: Transact;
  #ends = 0;

  constructor(clock: Clock, latencies: Latencies, service: Lifeline, transact: Transact, board = new Switchboard()) {
    this.#clock = clock;
    this.#latencies = latencies;
    this.#service = service;
    this.#transact = transact;
    this.#board = board;
  }

  get calls(): readonly CallRecord[] {
    return this.#board.calls;
  }

  /** The calls of another process to the same host. */
  ofAnotherProcess(): Caller {
    return new Caller(this.#clock, this.#latencies, this.#service, this.#transact, this.#board);
  }

  /** The process ends: what it has called that had no effect yet has none any more, and nothing answers. */
  end(): void {
    this.#ends += 1;
  }

  /** Arms a fault; the function that is returned disarms it. */
  inject(fault: InjectedFault): () => void {
    const armed: Armed = { fault, seen: 0 };
    this.#board.armed.push(armed);
    return () => this.#disarm(armed);
  }

  get pendingCalls(): number {
    return this.#board.pending.size;
  }

  /** Lets the calls that did not answer go on. */
  answerPending(): void {
    const pending = [...this.#board.pending.values()];
    this.#board.pending.clear();
    for (const answer of pending) answer();
  }

  /** @throws {HostError} what `effect` throws, or what was injected. */
  make<T>(call: CallName, target: string, effect: () => T): Promise<T> {
    return this.makeAndAnswer(call, target, effect, (value) => value);
  }

  /** Like `make`; `answer` is what only a call gives that succeeds, such as a handle. */
  async makeAndAnswer<T, A>(call: CallName, target: string, effect: () => T, answer: (value: T) => A): Promise<A> {
    const record: CallRecord = { n: this.calls.length + 1, call, target, outcome: 'pending', injected: false };
    this.#board.calls.push(record);
    const fault = this.#take(call);
    record.injected = fault !== undefined;
    const alive = this.#whileAlive();
    try {
      const value = await this.#service.carry(record, effect, async (gate) => {
        await this.#delay(call);
        return this.#carryOut(record, fault, {
          effect: () => gate(effect),
          answer: (made: T) => gate(() => answer(made)),
          alive,
        });
      });
      record.outcome = 'succeeded';
      return value;
    } catch (error) {
      record.outcome = 'failed';
      throw error;
    } finally {
      this.#board.pending.delete(record);
    }
  }

  /** Carries out something of a call that begins now, unless the process ends before. */
  #whileAlive(): Transact {
    const ends = this.#ends;
    return (effect) => (ends === this.#ends ? this.#transact(effect) : new Promise(() => {}));
  }

  async #carryOut<T, A>(
    record: CallRecord,
    fault: InjectedFault | undefined,
    { effect, answer, alive }: Work<T, A>,
  ): Promise<A> {
    if (fault === undefined) return alive(() => answer(effect()));
    if (fault.when === 'never') {
      await this.#silence(record);
      return alive(() => answer(effect()));
    }
    if (fault.when === 'neverAfterEffect') {
      const value = await alive(effect);
      await this.#silence(record);
      return alive(() => answer(value));
    }
    if (fault.when === 'after') await alive(effect);
    throw new HostError(record.call, fault.hresult ?? HRESULT.accessDenied, fault.detail);
  }

  #silence(record: CallRecord): Promise<void> {
    return new Promise((resolve) => this.#board.pending.set(record, resolve));
  }

  #delay(call: CallName): Promise<void> {
    const latency = typeof this.#latencies === 'number' ? this.#latencies : (this.#latencies[call] ?? 0);
    if (latency === 0) return Promise.resolve();
    return new Promise((resolve) => this.#clock.setTimeout(resolve, latency));
  }

  #take(call: CallName): InjectedFault | undefined {
    const matching = this.#board.armed.filter(({ fault }) => fault.call === undefined || fault.call === call);
    for (const armed of matching) armed.seen += 1;
    const due = matching.find(({ fault, seen }) => seen >= (fault.nth ?? 1));
    if (due !== undefined && due.fault.every !== true) this.#disarm(due);
    return due?.fault;
  }

  #disarm(armed: Armed): void {
    const { armed: all } = this.#board;
    const index = all.indexOf(armed);
    if (index >= 0) all.splice(index, 1);
  }
}
