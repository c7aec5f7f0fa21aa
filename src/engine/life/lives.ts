/** The lives of the containers of a provisioner: what they have in common, and where each is found. */
import { fromPromise, type InspectionEvent } from 'xstate';
import { toFault } from '../../actors/faults.ts';
import { conductOf } from '../../actors/inRun.ts';
import { lifeActorsOn, processOn } from '../../actors/life/hostActors.ts';
import { ProcessTable } from '../../actors/life/processTable.ts';
import { lookAgain } from '../../actors/life/systems.ts';
import type { Runs } from '../../actors/run.ts';
import type { ProvisionId } from '../../domain/ids.ts';
import type { LifePhase } from '../../domain/step.ts';
import {
  type ContainerRef,
  DEFAULT_LIFE_PATIENCE,
  type LifePatience,
  type SystemFoundAgain,
} from '../../machines/container/contract.ts';
import { container } from '../../machines/container/machine.ts';
import type { ProcessRef } from '../../machines/process/contract.ts';
import type { ProcessOwner } from './runningProcess.ts';

/** What the actors of a life ask the engine for. */
export interface LifeHost {
  /** Gives back all that the container stands on; gives how much could not be. */
  release(): Promise<{ readonly residue: number }>;
  /** Resolves when the run of the container has looked for its system: whether it may be there. */
  isThere(): Promise<boolean>;
}

export interface LivesOptions {
  readonly runs: Runs;
  readonly patience: Partial<LifePatience>;
  readonly newId: () => string;
  readonly inspect: ((event: InspectionEvent) => void) | undefined;
  readonly onStrangerError: (error: unknown) => void;
}

export class Lives {
  readonly options: LivesOptions;
  readonly table = new ProcessTable();
  readonly #hosts = new Map<ProvisionId, LifeHost>();
  #container: ReturnType<Lives['provideContainer']> | undefined;
  #process: ReturnType<typeof processOn> | undefined;

  constructor(options: LivesOptions) {
    this.options = options;
  }

  get patience(): LifePatience {
    return { ...DEFAULT_LIFE_PATIENCE, ...this.options.patience };
  }

  /** What all statecharts of lives are made with. */
  get actorOptions() {
    const { inspect, runs } = this.options;
    const { clock } = runs.dependencies;
    return {
      clock: {
        setTimeout: (work: () => void, ms: number) => clock.setTimeout(work, ms),
        clearTimeout: (timer: unknown) => clock.clearTimeout(timer),
      },
      ...(inspect === undefined ? {} : { inspect }),
    };
  }

  ownerOf(ref: ProcessRef & ContainerRef, hasTerminal: boolean): ProcessOwner {
    const { runs } = this.options;
    return { runs, table: this.table, ref, hasTerminal, changeMs: this.patience.changeMs };
  }

  /** Closes the handles of processes that nobody watches any more: their container is gone. */
  closeProcesses(id: ProvisionId): void {
    const { processes } = this.options.runs.dependencies.host;
    for (const { handle } of this.table.ofRun(id))
      processes
        .close(handle)
        .catch(() => processes.close(handle))
        .catch(() => {});
    this.table.deleteRun(id);
  }

  enter(id: ProvisionId, host: LifeHost): void {
    this.#hosts.set(id, host);
  }

  leave(id: ProvisionId): void {
    this.#hosts.delete(id);
  }

  /** Made when first used: that takes some milliseconds. */
  get container(): ReturnType<Lives['provideContainer']> {
    this.#container ??= this.provideContainer();
    return this.#container;
  }

  get process(): ReturnType<typeof processOn> {
    this.#process ??= processOn(this.options.runs, this.table);
    return this.#process;
  }

  private provideContainer() {
    return container.provide({
      actors: {
        ...lifeActorsOn(this.options.runs, this.table),
        releaseContainer: this.#actor<{ readonly residue: number }>(
          'stopping',
          async ({ provisionId }) => (await this.#hosts.get(provisionId)?.release()) ?? { residue: 0 },
        ),
        lookAtSystem: this.#actor<SystemFoundAgain>('running', (ref) => this.#look(ref)),
      },
    });
  }

  #actor<Output>(phase: LifePhase, work: (ref: ContainerRef) => Promise<Output>) {
    const conduct = conductOf(this.options.runs);
    return fromPromise<Output, ContainerRef>(async ({ input, self }) => {
      try {
        return await conduct({ id: self.id, input }, () => work(input));
      } catch (error) {
        throw toFault(error, phase);
      }
    });
  }

  /** The run asks for the same system when the service has died: what that finds is waited for. */
  async #look(ref: ContainerRef): Promise<SystemFoundAgain> {
    const { runs } = this.options;
    const isThere = await this.#hosts.get(ref.provisionId)?.isThere();
    return isThere === false ? { state: 'gone' } : lookAgain(await runs.get(ref.provisionId), ref);
  }
}
