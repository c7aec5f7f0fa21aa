import { lookAtSystem, type SystemFound } from '../actors/looking.ts';
import type { Runs } from '../actors/run.ts';
import type { SystemId } from '../domain/ids.ts';
import type { SystemHandle } from '../hcs/port.ts';
import type { RunSummary } from '../journal/runSummary.ts';
import { inTime } from './life/inTime.ts';

/** How long the host may take to say how a system stands, in milliseconds. */
const LOOK_MS = 60_000;

/** Handles that could not be closed when systems were looked for whose runs nobody drove: each is closed with its run. */
export class UnclosedHandles {
  readonly #runs: Runs;
  readonly #unclosed = new Map<SystemId, readonly SystemHandle[]>();

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  look(id: SystemId): Promise<SystemFound> {
    const { host, clock } = this.#runs.dependencies;
    const keep = (handle: SystemHandle): void => {
      this.#unclosed.set(id, [...(this.#unclosed.get(id) ?? []), handle]);
    };
    // A recovery goes on without the run whose host does not answer; the handle of a late answer is closed.
    return inTime(lookAtSystem(host, id, keep), { clock, ms: LOOK_MS, phase: 'running' });
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
