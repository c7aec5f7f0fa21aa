/** The host that the service holds, with what only the service knows of it. */
import { CALLS, type InjectedFault, type Latencies } from '../../src/hcs/simulated/faults.ts';
import { hostOver, type SimulatedHost } from '../../src/hcs/simulated/simulatedHost.ts';
import { type HostState, stateOf } from '../../src/hcs/simulated/state.ts';
import type { StandInDeath, StandInHost } from './protocol.ts';

type LatencyTable = Record<string, number>;

function fill(table: LatencyTable, latencies: Latencies): void {
  for (const call of Object.keys(CALLS)) {
    table[call] =
      typeof latencies === 'number' ? latencies : (Object.entries(latencies).find(([c]) => c === call)?.[1] ?? 0);
  }
}

/** One host, from one reset to the next. */
export class StandInWorld {
  readonly state: HostState;
  readonly host: SimulatedHost;
  readonly #latencies: LatencyTable = {};
  readonly #faults: Array<() => void> = [];
  #isDown = false;

  constructor({ latencies = 0, ...description }: StandInHost) {
    fill(this.#latencies, latencies);
    this.state = stateOf(description, Date.now);
    this.host = hostOver(this.state, { ...description, latencies: this.#latencies });
  }

  /** Whether there is no Host Compute Service. */
  get isDown(): boolean {
    return this.#isDown;
  }

  setLatencies(latencies: Latencies): void {
    fill(this.#latencies, latencies);
  }

  /** The number under which `disarm` takes the fault back. */
  inject(fault: InjectedFault): number {
    return this.#faults.push(this.host.inject(fault)) - 1;
  }

  disarm(armed: number): void {
    this.#faults[armed]?.();
  }

  async killService(death: StandInDeath): Promise<void> {
    this.#isDown = true;
    await this.host.serviceDies(death);
  }

  restartService(): void {
    this.#isDown = false;
    this.host.serviceRestarts();
  }
}
