import { catchError, defer, EMPTY, Observable, repeat, takeUntil, throwError } from 'rxjs';
import type { SnapshotFrom } from 'xstate';
import { unknownSignal } from '../../actors/life/processes.ts';
import { limitFindings, updateRequests } from '../../documents/containerUpdate.ts';
import type { Clock } from '../../domain/clock.ts';
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
import { Execs } from './execs.ts';
import { LifeCourse, type LifeOptions } from './life.ts';
import { invalid, LifeFault } from './refusal.ts';
import { RunningProcess } from './runningProcess.ts';

const STOP_SIGNAL = 'SIGTERM';
const STOP_TIMEOUT_MS = 10_000;
const HAS_ENDED: readonly LifeStatus[] = ['stopped', 'deleting', 'deleted'];
const TO_BE_ENDED: readonly LifeStatus[] = ['starting', 'running', 'pausing', 'paused', 'resuming', 'stopping'];
const ON_ITS_WAY: readonly LifeStatus[] = ['starting', 'stopping', 'reconciling'];
const IS_STOPPING: readonly LifeStatus[] = ['starting', 'stopping'];

function pauseOf(clock: Clock, ms: number): Observable<void> {
  return new Observable((told) => {
    const timer = clock.setTimeout(() => told.next(), ms);
    return () => clock.clearTimeout(timer);
  });
}

export interface RunningLifeOptions extends Omit<LifeOptions, 'onSnapshot'> {
  /** The process of the spec. */
  readonly process: unknown;
}

/** The life of a container, over the actor that leads it. */
export class RunningLife implements ContainerLife {
  readonly life$: ContainerLife['life$'];
  readonly #options: RunningLifeOptions;
  readonly #course: LifeCourse;
  readonly #execs: Execs;
  #init: RunningProcess | undefined;
  #hasTerminal = false;

  constructor(options: RunningLifeOptions) {
    this.#options = options;
    const { run, ref, lives } = options;
    const otherwise = () => this.#course.fault('exec', 'the container ended while the process was made');
    this.#execs = new Execs({ run, ref, lives, otherwise });
    this.#course = new LifeCourse({ ...options, onSnapshot: (snapshot) => this.#follow(snapshot) });
    this.life$ = this.#course.state$;
  }

  get life(): ContainerState {
    return this.#course.state;
  }

  /** Resolves when the host has said where it stands, or did not answer. */
  async known(): Promise<void> {
    await this.#found();
  }

  get init(): ContainerProcess | undefined {
    return this.#init;
  }

  async start({ stdio }: StartOptions = {}): Promise<ContainerProcess> {
    await this.#course.ask('start', () => {
      const wanted = this.#wanted('start', initProcess(this.#options.process, this.#options.ref.os, stdio));
      this.#hasTerminal = wanted.hasTerminal;
      return { type: 'container.start', parameters: wanted.parameters };
    });
    const { status, exit } = await this.#course.until((state) => !ON_ITS_WAY.includes(state.status));
    const isStarted = status !== 'created' && exit?.how !== 'neverStarted';
    if (this.#init !== undefined && isStarted) return this.#init;
    throw this.#course.fault('start', `the first process is not there, and the container is ${status}`);
  }

  async exec(request: ExecRequest): Promise<ContainerProcess> {
    await this.#course.ask('exec');
    const { ref, process } = this.#options;
    const { parameters, hasTerminal } = this.#wanted('exec', execProcess(request, process, ref.os));
    return this.#execs.begin(parameters, hasTerminal);
  }

  async signal(signal: string | number): Promise<boolean> {
    await this.#course.ask('signal');
    this.#checkSignal('signal', signal);
    if (this.#init === undefined)
      throw this.#course.fault('signal', 'it is not known which process was the first of the container');
    return this.#init.signal(signal);
  }

  async shutdown({ signal = STOP_SIGNAL, timeoutMs = STOP_TIMEOUT_MS }: ShutdownOptions = {}): Promise<ContainerExit> {
    this.#checkSignal('shutdown', signal);
    // Where the service goes away in the middle of it, what is left of the container is asked once more.
    for (;;) {
      const answer = await this.#course.ask('shutdown', () => ({ type: 'container.stop', signal, timeoutMs }));
      if (answer === 'already') return this.#course.exit;
      const { status } = await this.#course.until((state) => !IS_STOPPING.includes(state.status));
      if (HAS_ENDED.includes(status)) return this.#course.exit;
      if (status !== 'reconciling' || (await this.#found()) === 'unreachable') {
        throw this.#course.fault('shutdown', `the container could not be ended: it is ${status}`);
      }
    }
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
    const { clock } = this.#options.lives.options.runs.dependencies;
    const hasEnded = (): boolean => HAS_ENDED.includes(this.life.status);
    return defer(() => this.stats()).pipe(
      repeat({ delay: () => pauseOf(clock, everyMs) }),
      takeUntil(this.#course.ended$),
      // It may end while it is asked.
      catchError((error: unknown) => (hasEnded() ? EMPTY : throwError(() => error))),
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
    if (this.#course.isBroken) return this.#options.handle.release();
    while (force && TO_BE_ENDED.includes(await this.#found())) await this.#endByForce();
    await this.#course.ask('delete', () => ({ type: 'container.delete' }));
    await this.#course.until(({ status }) => status !== 'deleting');
    return this.#options.run.report;
  }

  /** Where it stands, once that is known. */
  async #found(): Promise<LifeStatus> {
    return (await this.#course.until(({ status }) => status !== 'reconciling')).status;
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
    if ((await this.#course.ask(method, () => ({ type }))) === 'already') return;
    const isOnItsWay = ({ status, fault }: ContainerState): boolean =>
      status === 'reconciling' || (status === moving && fault === undefined);
    const { status } = await this.#course.until((state) => !isOnItsWay(state));
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

  #follow(snapshot: SnapshotFrom<typeof container>): void {
    this.#followInit(snapshot.children.init);
    if (HAS_ENDED.some((tag) => snapshot.hasTag(tag))) {
      this.#init?.asItIs();
      this.#execs.tell('system.ended');
    } else {
      const isLost = snapshot.hasTag('reconciling') || snapshot.hasTag('unreachable');
      this.#execs.tell(isLost ? 'handle.lost' : 'system.found');
    }
    if (snapshot.status === 'done') this.#execs.end();
  }

  /** One that is found again is watched by another actor than before. */
  #followInit(actor: SnapshotFrom<typeof container>['children']['init']): void {
    if (actor === undefined) return;
    this.#init?.watchedBy(actor);
    const { ref, lives, run } = this.#options;
    const name = { ...ref, key: INIT };
    const open = this.#init === undefined ? lives.table.find(name) : undefined;
    if (open === undefined) return;
    this.#init = new RunningProcess(actor, open, lives.ownerOf(name, this.#hasTerminal));
    actor.on('*', (event) => run.onLifeEvent(event));
  }
}
