/** The processes that run in a container beside its first one. */
import { createActor } from 'xstate';
import type { ProcessParameters } from '../../domain/process.ts';
import type { ContainerRef } from '../../machines/container/contract.ts';
import type { ProcessEvent, ProcessRef } from '../../machines/process/contract.ts';
import type { ProvisionRun } from '../provisionRun.ts';
import type { ContainerProcess } from './contract.ts';
import type { Lives } from './lives.ts';
import { LifeFault } from './refusal.ts';
import { type ProcessActor, RunningProcess } from './runningProcess.ts';

export interface ExecsOptions {
  readonly ref: ContainerRef;
  readonly lives: Lives;
  readonly run: ProvisionRun;
  /** Why none was made, where the process itself does not say. */
  readonly otherwise: () => LifeFault;
}

type Name = ContainerRef & ProcessRef;

/** What the processes are told when it is about all of them. */
type News = Extract<ProcessEvent, { type: 'system.ended' | 'handle.lost' | 'system.found' }>['type'];

export class Execs {
  readonly #options: ExecsOptions;
  readonly #actors = new Set<ProcessActor>();
  #news: News = 'system.found';

  constructor(options: ExecsOptions) {
    this.#options = options;
  }

  /** @throws {LifeFault} */
  begin(parameters: ProcessParameters, hasTerminal: boolean): Promise<ContainerProcess> {
    const { ref, lives, run } = this.#options;
    const name = { ...ref, key: lives.options.newId() };
    const origin = { kind: 'new', parameters } as const;
    const input = { ...name, origin, startDeadlineMs: lives.patience.startMs };
    const actor = createActor(lives.process, { input, ...lives.actorOptions });
    actor.on('*', (event) => run.onLifeEvent(event));
    this.#actors.add(actor);
    const begun = this.#begun(actor, name, hasTerminal);
    actor.start();
    return begun;
  }

  /** Tells all of them what has become of their system; once. */
  tell(type: News): void {
    if (type === this.#news) return;
    this.#news = type;
    for (const actor of this.#actors) actor.send({ type });
  }

  /** Whoever waits for one of them waits no more. */
  end(): void {
    for (const actor of this.#actors) actor.stop();
    this.#actors.clear();
  }

  /** Its pipes are taken when it begins to run: it may have ended in the next moment. */
  #begun(actor: ProcessActor, name: Name, hasTerminal: boolean): Promise<ContainerProcess> {
    const { lives } = this.#options;
    return new Promise((resolve, reject) => {
      let isRunning = false;
      actor.subscribe({
        next: (snapshot) => {
          const open = snapshot.matches('running') && !isRunning ? lives.table.find(name) : undefined;
          if (open !== undefined) {
            isRunning = true;
            resolve(new RunningProcess(actor, open, lives.ownerOf(name, hasTerminal)).asItIs());
          } else if (snapshot.hasTag('settled')) reject(this.#faultOf(actor));
        },
        error: () => reject(this.#faultOf(actor)),
        complete: () => {
          this.#actors.delete(actor);
          reject(this.#faultOf(actor));
        },
      });
    });
  }

  #faultOf(actor: ProcessActor): LifeFault {
    const { outcome } = actor.getSnapshot().context;
    if (outcome?.kind !== 'failed') return this.#options.otherwise();
    return new LifeFault(this.#options.ref.containerId, 'exec', outcome.fault);
  }
}
