import { concatMap, type Observable, takeUntil, timer } from 'rxjs';
import { createActor, type SnapshotFrom } from 'xstate';
import { unknownSignal } from '../../actors/life/processes.ts';
import { limitFindings, updateRequests } from '../../documents/containerUpdate.ts';
import type { ContainerExit, ContainerState, LifeMethod, LifeStatus } from '../../domain/containerLife.ts';
import type { ProcessDetails, SystemStatistics } from '../../domain/process.ts';
import type { container } from '../../machines/container/machine.ts';
import { INIT } from '../../machines/container/started.ts';
import { signalFor } from '../../oci/signals.ts';
import type { ReleaseReport } from '../faults.ts';
import type {
  ContainerLife,
  ContainerProcess,
  DeleteOptions,
  ExecRequest,
  ResourceUpdate,
  ShutdownOptions,
  StartOptions,
} from './contract.ts';
import { execProcess, initProcess, type Wanted } from './execProcess.ts';
import { LifeCourse, type LifeOptions } from './life.ts';
import { invalid, LifeFault } from './refusal.ts';
import { type ProcessActor, RunningProcess } from './runningProcess.ts';

const STOP_SIGNAL = 'SIGTERM';
const STOP_TIMEOUT_MS = 10_000;
const HAS_ENDED: readonly LifeStatus[] = ['stopped', 'deleting', 'deleted'];
const TO_BE_ENDED: readonly LifeStatus[] = ['starting', 'running', 'pausing', 'paused', 'resuming', 'stopping'];
const ON_ITS_WAY: readonly LifeStatus[] = ['created', 'starting', 'stopping'];

export interface RunningLifeOptions extends Omit<LifeOptions, 'onSnapshot'> {
  /** The process of the spec. */
  readonly process: unknown;
}

/** The life of a container, over the actor that leads it. */
export class RunningLife implements ContainerLife {
  readonly life$: ContainerLife['life$'];
  readonly #options: RunningLifeOptions;
  readonly #course: LifeCourse;
  readonly #processes = new Set<ProcessActor>();
  #init: RunningProcess | undefined;
  #hasTerminal = false;

  constructor(options: RunningLifeOptions) {
    this.#options = options;
    this.#course = new LifeCourse({ ...options, onSnapshot: (snapshot) => this.#follow(snapshot) });
    this.life$ = this.#course.state$;
  }

  get life(): ContainerState {
    return this.#course.state;
  }

  /** Resolves when the host has said where it stands, or did not answer. */
  async known(): Promise<void> {
    await this.#course.until(({ status }) => status !== 'reconciling');
  }

  get init(): ContainerProcess | undefined {
    return this.#init;
  }

  async start({ stdio }: StartOptions = {}): Promise<ContainerProcess> {
    if ((await this.#course.ask('start')) === 'does') {
      const wanted = this.#wanted('start', initProcess(this.#options.process, this.#options.ref.os, stdio));
      this.#hasTerminal = wanted.hasTerminal;
      this.#course.send({ type: 'container.start', parameters: wanted.parameters });
    }
    await this.#course.until(({ status }) => !ON_ITS_WAY.includes(status));
    if (this.#init === undefined || this.life.exit?.how === 'neverStarted') {
      throw this.#course.fault('start', 'the container ended before its first process was there');
    }
    return this.#init;
  }

  async exec(request: ExecRequest): Promise<ContainerProcess> {
    await this.#course.ask('exec');
    const { ref, lives, process } = this.#options;
    const { parameters, hasTerminal } = this.#wanted('exec', execProcess(request, process, ref.os));
    const name = { ...ref, key: lives.options.newId() };
    const actor = createActor(lives.process, {
      input: {
        ...name,
        origin: { kind: 'new', parameters },
        startDeadlineMs: this.#course.actor.getSnapshot().context.patience.startMs,
      },
      ...this.#actorOptions(),
    });
    actor.on('*', (event) => this.#options.run.onLifeEvent(event));
    this.#processes.add(actor);
    return this.#running(actor, name, hasTerminal);
  }

  async signal(signal: string | number): Promise<boolean> {
    await this.#course.ask('signal');
    this.#checkSignal('signal', signal);
    if (this.#init === undefined) throw this.#course.fault('signal', 'the first process of the container is not known');
    return this.#init.signal(signal);
  }

  async shutdown({ signal = STOP_SIGNAL, timeoutMs = STOP_TIMEOUT_MS }: ShutdownOptions = {}): Promise<ContainerExit> {
    this.#checkSignal('shutdown', signal);
    if ((await this.#course.ask('shutdown')) === 'already') return this.#course.exit;
    this.#course.send({ type: 'container.stop', signal, timeoutMs });
    const { status } = await this.#course.until((state) => HAS_ENDED.includes(state.status) || isLost(state));
    if (!HAS_ENDED.includes(status)) throw this.#course.fault('shutdown', 'the container could not be ended');
    return this.#course.exit;
  }

  async pause(): Promise<void> {
    await this.#change('pause', 'pausing', 'paused', 'container.pause');
  }

  async resume(): Promise<void> {
    await this.#change('resume', 'resuming', 'running', 'container.resume');
  }

  async stats(): Promise<SystemStatistics> {
    await this.#course.ask('stats');
    return this.#course.asking('stats', 'compute.statistics', (handle, host) => host.compute.statistics(handle));
  }

  stats$(everyMs: number): Observable<SystemStatistics> {
    const hasEnded = this.#course.until(({ status }) => HAS_ENDED.includes(status));
    return timer(0, everyMs).pipe(
      concatMap(() => this.stats()),
      takeUntil(hasEnded),
    );
  }

  async processes(): Promise<readonly ProcessDetails[]> {
    await this.#course.ask('processes');
    return this.#course.asking('processes', 'compute.processes', (handle, host) => host.compute.processes(handle));
  }

  async update(resources: ResourceUpdate): Promise<void> {
    await this.#course.ask('update');
    const findings = limitFindings(resources);
    if (findings.length > 0) throw invalid(this.#options.ref.containerId, 'update', findings);
    for (const request of updateRequests(resources)) {
      await this.#course.asking('update', 'compute.modify', (handle, host) => host.compute.modify(handle, request));
    }
  }

  async wait(): Promise<ContainerExit> {
    await this.#course.ask('wait');
    await this.#course.until(({ status }) => HAS_ENDED.includes(status));
    return this.#course.exit;
  }

  async delete({ force = false }: DeleteOptions = {}): Promise<ReleaseReport> {
    if (force && TO_BE_ENDED.includes(this.life.status)) await this.#endByForce();
    const answer = await this.#course.ask('delete');
    if (answer === 'does') this.#course.send({ type: 'container.delete' });
    await this.#course.until(({ status }) => status !== 'deleting');
    return this.#options.run.report;
  }

  /** What cannot be ended is left to the release. */
  async #endByForce(): Promise<void> {
    try {
      await this.shutdown({ timeoutMs: 0 });
    } catch (error) {
      if (!(error instanceof LifeFault)) throw error;
    }
  }

  async #change(
    method: 'pause' | 'resume',
    moving: LifeStatus,
    there: LifeStatus,
    type: 'container.pause' | 'container.resume',
  ): Promise<void> {
    const answer = await this.#course.ask(method);
    if (answer === 'already') return;
    if (answer === 'does') this.#course.send({ type });
    const { status } = await this.#course.until((state) => state.status !== moving || state.fault !== undefined);
    if (status !== there) throw this.#course.fault(method, `the container is ${status}`);
  }

  #wanted(method: LifeMethod, wanted: Wanted): Exclude<Wanted, { findings: unknown }> {
    if ('findings' in wanted) throw invalid(this.#options.ref.containerId, method, wanted.findings);
    return wanted;
  }

  #checkSignal(method: LifeMethod, signal: string | number): void {
    const { os, containerId } = this.#options.ref;
    if (signalFor(os, signal) === undefined) throw new LifeFault(containerId, method, unknownSignal(os, signal).fault);
  }

  #actorOptions() {
    const { inspect, runs } = this.#options.lives.options;
    const { clock } = runs.dependencies;
    return {
      clock: {
        setTimeout: (work: () => void, ms: number) => clock.setTimeout(work, ms),
        clearTimeout: (timer: unknown) => clock.clearTimeout(timer),
      },
      ...(inspect === undefined ? {} : { inspect }),
    };
  }

  /** Its pipes are taken when it begins to run: it may have ended in the next moment. */
  #running(actor: ProcessActor, name: RunningProcessName, hasTerminal: boolean): Promise<ContainerProcess> {
    const { lives, ref } = this.#options;
    const { runs } = lives.options;
    return new Promise((resolve, reject) => {
      const failed = () => {
        const { outcome } = actor.getSnapshot().context;
        reject(
          outcome?.kind === 'failed'
            ? new LifeFault(ref.containerId, 'exec', outcome.fault)
            : this.#course.fault('exec', 'the container ended while the process was made'),
        );
      };
      actor.subscribe({
        next: (snapshot) => {
          const open = snapshot.matches('running') ? lives.table.find(name) : undefined;
          if (open !== undefined)
            resolve(new RunningProcess(actor, open, { runs, table: lives.table, ref: name, hasTerminal }));
          else if (snapshot.hasTag('settled') && !snapshot.matches('closing')) failed();
        },
        error: failed,
        complete: () => {
          this.#processes.delete(actor);
          failed();
        },
      });
      actor.start();
    });
  }

  #follow(snapshot: SnapshotFrom<typeof container>): void {
    const init = snapshot.children.init;
    const { lives, ref } = this.#options;
    const name = { ...ref, key: INIT };
    const open = this.#init === undefined && init !== undefined ? lives.table.find(name) : undefined;
    if (open !== undefined && init !== undefined) {
      const owner = { runs: lives.options.runs, table: lives.table, ref: name, hasTerminal: this.#hasTerminal };
      this.#init = new RunningProcess(init, open, owner);
      init.on('*', (event) => this.#options.run.onLifeEvent(event));
    }
    const isOver = snapshot.hasTag('stopped') || snapshot.hasTag('deleting') || snapshot.hasTag('deleted');
    if (isOver || snapshot.matches('reconciling')) this.#endProcesses();
  }

  /** Processes end with their system, and are not found again without their handles. */
  #endProcesses(): void {
    for (const actor of this.#processes) actor.send({ type: 'system.ended' });
  }
}

type RunningProcessName = ConstructorParameters<typeof RunningProcess>[2]['ref'];

const isLost = ({ status }: ContainerState): boolean => status === 'stuck' || status === 'unreachable';
