import { lookAtSystem, type SystemFound } from '../actors/looking.ts';
import type { Runs } from '../actors/run.ts';
import type { SystemId } from '../domain/ids.ts';
import type { SystemHandle } from '../hcs/port.ts';
import type { RunSummary } from '../journal/runSummary.ts';
import { whereUnknown } from '../machines/faults.ts';
import { inTime } from './inTime.ts';

/** Handles that could not be closed when systems were looked for whose runs nobody drove: each is closed with its run. */
export class UnclosedHandles {
  readonly #runs: Runs;
  readonly #unclosed = new Map<SystemId, readonly SystemHandle[]>();

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  /** @throws {HostError} and {Failure} when the host has not answered after `ms` */
  look(id: SystemId, ms: number): Promise<SystemFound> {
    const { host, clock } = this.#runs.dependencies;
    const keep = (handle: SystemHandle) => this.#unclosed.set(id, [...(this.#unclosed.get(id) ?? []), handle]);
    return inTime(lookAtSystem(host, id, keep), { clock, ms, overdue: whereUnknown(ms) });
  }

  /** Gives the run, which was taken up, what it has to close. */
  async giveTo({ provisionId, containerId }: Pick<RunSummary, 'provisionId' | 'containerId'>): Promise<void> {
    const handles = this.#unclosed.get(containerId);
    if (handles === undefined) return;
    this.#unclosed.delete(containerId);
    const run = await this.#runs.get(provisionId);
    run.handlesOf(containerId).push(...handles);
  }
}
