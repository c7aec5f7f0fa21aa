/** The lives of the containers of a provisioner: what they have in common, and where each is found. */
import { fromPromise, type InspectionEvent } from 'xstate';
import { toFault } from '../../actors/faults.ts';
import { lifeActorsOn, processOn } from '../../actors/life/hostActors.ts';
import { ProcessTable } from '../../actors/life/processTable.ts';
import { lookAgain } from '../../actors/life/systems.ts';
import type { Runs } from '../../actors/run.ts';
import type { ProvisionId } from '../../domain/ids.ts';
import type { ContainerRef, LifePatience, SystemFoundAgain } from '../../machines/container/contract.ts';
import { container } from '../../machines/container/machine.ts';

/** What the actors of a life ask the engine for. */
export interface LifeHost {
  /** Gives back all that the container stands on; gives how much could not be. */
  release(): Promise<{ readonly residue: number }>;
  /** Resolves when the run of the container knows whether its system is there. @throws {Fault} when it cannot know */
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
        releaseContainer: fromPromise<{ readonly residue: number }, ContainerRef>(
          async ({ input }) => (await this.#hosts.get(input.provisionId)?.release()) ?? { residue: 0 },
        ),
        lookAtSystem: this.#looker(),
      },
    });
  }

  /** The run asks for the same system when the service has died: what that finds is waited for. */
  #looker() {
    const { runs } = this.options;
    return fromPromise<SystemFoundAgain, ContainerRef>(async ({ input }) => {
      try {
        const isThere = await this.#hosts.get(input.provisionId)?.isThere();
        return isThere === false ? { state: 'gone' } : await lookAgain(await runs.get(input.provisionId), input);
      } catch (error) {
        throw toFault(error, 'running');
      }
    });
  }
}
