import { lookAtSystem, type SystemFound } from '../actors/looking.ts';
import type { Runs } from '../actors/run.ts';
import type { SystemId } from '../domain/ids.ts';
import type { SystemHandle } from '../hcs/port.ts';
import type { RunSummary } from '../journal/runSummary.ts';

/** Handles that could not be closed when systems were looked for whose runs nobody drove: each is closed with its run. */
export class UnclosedHandles {
  readonly #runs: Runs;
  readonly #unclosed: Array<{ readonly id: SystemId; readonly handle: SystemHandle }> = [];

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  look(id: SystemId): Promise<SystemFound> {
    return lookAtSystem(this.#runs.dependencies.host, id, (handle) => this.#unclosed.push({ id, handle }));
  }

  /** Gives the run, which was taken up, what it has to close. */
  async giveTo({ provisionId, containerId }: Pick<RunSummary, 'provisionId' | 'containerId'>): Promise<void> {
    const ofRun = this.#unclosed.filter(({ id }) => id === containerId);
    if (ofRun.length === 0) return;
    const run = await this.#runs.get(provisionId);
    run.handlesOf(containerId).push(...ofRun.map(({ handle }) => handle));
  }
}
