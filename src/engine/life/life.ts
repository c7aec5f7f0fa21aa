import { filter, firstValueFrom, type Observable, ReplaySubject } from 'rxjs';
import { type ActorRefFrom, createActor, type SnapshotFrom } from 'xstate';
import { toFault } from '../../actors/faults.ts';
import { handleOf } from '../../actors/life/systems.ts';
import {
  type ContainerExit,
  type ContainerState,
  LIFE_STATUSES,
  type LifeEvent,
  type LifeMethod,
} from '../../domain/containerLife.ts';
import type { Fault } from '../../domain/fault.ts';
import type { HostPort, SystemHandle } from '../../hcs/port.ts';
import type { ToldLife } from '../../journal/runSummary.ts';
import type { ContainerEvent, ContainerRef } from '../../machines/container/contract.ts';
import type { container } from '../../machines/container/machine.ts';
import { lifeOverdue } from '../../machines/faults.ts';
import { IsolatedObservable } from '../../observe/isolated.ts';
import type { ReleaseHandle } from '../faults.ts';
import { inTime } from '../inTime.ts';
import type { ProvisionRun } from '../provisionRun.ts';
import { pathOf } from '../snapshotWords.ts';
import { keepingAlive } from './alive.ts';
import { ANSWERS, type Answer } from './answers.ts';
import type { Lives } from './lives.ts';
import { LifeFault, LifeRefusal } from './refusal.ts';

type ContainerActor = ActorRefFrom<typeof container>;
type ContainerSnapshot = SnapshotFrom<typeof container>;

export interface LifeOptions {
  readonly run: ProvisionRun;
  readonly ref: ContainerRef;
  /** Gives back what the container stands on. */
  readonly handle: ReleaseHandle;
  /** Of a run that was taken up: what was told of the container; `nothing` when it was not started. */
  readonly told: ToldLife | 'nothing' | undefined;
  readonly lives: Lives;
  /** Told of the first snapshot in which the first process runs, and of every one in which the container has ended. */
  readonly onSnapshot: (snapshot: ContainerSnapshot) => void;
}

const CREATED: ContainerState = { status: 'created', path: 'alive.created' };
const HAS_EXIT: ReadonlyArray<ContainerState['status']> = ['stopped', 'deleting', 'deleted'];

function ended(message: string): Fault {
  return { code: 'container-stopped', message, hint: 'See how it ended: wait().', step: 'running', transient: false };
}

function moved(message: string): Fault {
  return {
    code: 'container-moved-on',
    message,
    hint: 'See where it stands, and ask again where that still fits.',
    step: 'running',
    transient: true,
  };
}

const now = (): string => new Date().toISOString();

/** The statechart of one container, from the first time that something is done with it. */
export class LifeCourse {
  readonly state$: IsolatedObservable<ContainerState>;
  readonly #options: LifeOptions;
  readonly #states = new ReplaySubject<ContainerState>(1);
  #state: ContainerState = CREATED;
  #actor: ContainerActor | undefined;
  #endedAt: string | undefined;

  constructor(options: LifeOptions) {
    const { run, ref, handle, told, lives } = options;
    this.#options = options;
    this.#endedAt = typeof told === 'object' && told.status === 'stopped' ? told.at : undefined;
    this.state$ = new IsolatedObservable(this.#states, lives.options.onStrangerError, 'latest');
    this.#states.next(this.#state);
    lives.enter(ref.provisionId, {
      release: async () => ({ residue: (await handle.release()).residue.length }),
      isThere: () => this.#isThere(),
    });
    run.attach({
      serviceIsLost: () => this.#actor?.send({ type: 'service.disconnected' }),
      serviceIsBack: () => this.#actor?.send({ type: 'service.reconciled' }),
      runEnded: () => this.#runEnded(),
    });
    if (told !== undefined) this.#begin();
  }

  get state(): ContainerState {
    return this.#state;
  }

  get actor(): ContainerActor {
    return this.#actor ?? this.#begin();
  }

  send(event: ContainerEvent): void {
    this.actor.send(event);
  }

  /** The first state for which it is so; the last one when there is none any more. */
  until(is: (state: ContainerState) => boolean): Promise<ContainerState> {
    const first = () => firstValueFrom(this.#states.pipe(filter(is)), { defaultValue: this.#state });
    return keepingAlive(first).catch(() => this.#state);
  }

  /** Told of every state from now on, until there is none any more. */
  get ended$(): Observable<ContainerState> {
    return this.#states.pipe(filter(({ status }) => HAS_EXIT.includes(status)));
  }

  /** Whether the statechart works; where it does not, the run can still be given back. */
  get isBroken(): boolean {
    return this.#actor?.getSnapshot().status === 'error';
  }

  /**
   * What becomes of the method now.
   * @param event what brings it about; it is sent in the same moment, before anything else can happen
   * @throws {LifeRefusal} and what `event` throws
   */
  async ask(method: LifeMethod, event?: () => ContainerEvent): Promise<Exclude<Answer, 'refuses' | 'waits'>> {
    for (;;) {
      const { status } = this.#state;
      const answer = ANSWERS[method][status];
      if (answer === 'refuses') throw new LifeRefusal(this.#options.ref.containerId, method, status);
      if (answer === 'does' && event !== undefined) this.send(event());
      if (answer !== 'waits') return answer;
      await this.until((state) => state.status !== status);
    }
  }

  get exit(): ContainerExit {
    return this.#state.exit ?? { how: 'neverStarted', at: this.#endedAt ?? now() };
  }

  /** Why it did not come to what was asked for. */
  fault(method: LifeMethod, otherwise: string): LifeFault {
    const { fault, status } = this.#state;
    const { containerId } = this.#options.ref;
    return new LifeFault(
      containerId,
      method,
      fault ?? (HAS_EXIT.includes(status) ? ended(otherwise) : moved(otherwise)),
    );
  }

  /** One question to the system that leaves its life as it is, answered in time or not. */
  async asking<T>(
    method: LifeMethod,
    call: string,
    make: (handle: SystemHandle, host: HostPort) => Promise<T>,
  ): Promise<T> {
    const { ref, lives } = this.#options;
    try {
      const { runs } = lives.options;
      const ask = async (): Promise<T> => {
        const run = await runs.get(ref.provisionId);
        const handle = await handleOf(run, 'running', ref);
        return run.call('running', call, ref.containerId, () => make(handle, run.host));
      };
      const { clock } = runs.dependencies;
      const ms = lives.patience.changeMs;
      return await inTime(ask(), { clock, ms, overdue: lifeOverdue('running', ms) });
    } catch (error) {
      throw new LifeFault(ref.containerId, method, toFault(error, 'running'));
    }
  }

  #begin(): ContainerActor {
    const { ref, told, lives } = this.#options;
    const { patience } = lives;
    const actor = createActor(lives.container, {
      input: { ...ref, patience, ...(told === undefined ? {} : { restored: restoredOf(told) }) },
      ...lives.actorOptions,
    });
    this.#actor = actor;
    actor.on('*', (event) => this.#tell(event));
    actor.subscribe({ next: (snapshot) => this.#follow(snapshot), error: (error) => this.#broke(error) });
    actor.start();
    return actor;
  }

  #tell(event: LifeEvent): void {
    const { run } = this.#options;
    if (event.type === 'container.started') run.noteLife({ status: 'running', pid: event.pid, at: now() });
    if (event.type === 'container.stopped') {
      const { type: _, ...end } = event;
      this.#endedAt ??= now();
      run.noteLife({ status: 'stopped', ...end, at: this.#endedAt });
    }
    run.onLifeEvent(event);
  }

  #follow(snapshot: ContainerSnapshot): void {
    const { context } = snapshot;
    const status = LIFE_STATUSES.find((tag) => snapshot.hasTag(tag)) ?? this.#state.status;
    this.#options.onSnapshot(snapshot);
    this.#publish({
      status,
      path: pathOf(snapshot.value),
      ...(context.pid === null ? {} : { pid: context.pid }),
      ...(HAS_EXIT.includes(status) ? { exit: this.#exitOf(snapshot) } : {}),
      ...(context.fault === null ? {} : { fault: context.fault }),
    });
    if (snapshot.status === 'done') this.#end();
  }

  #exitOf({ context: { how, exitCode } }: ContainerSnapshot): ContainerExit {
    this.#endedAt ??= now();
    return { how: how ?? 'unexpected', ...(exitCode === null ? {} : { exitCode }), at: this.#endedAt };
  }

  #publish(state: ContainerState): void {
    this.#state = state;
    this.#options.run.onLife(state);
    this.#states.next(state);
  }

  /** The statechart itself broke, which is a defect of ours; what the container stands on can still be given back. */
  #broke(error: unknown): void {
    this.#publish({ ...this.#state, status: 'stuck', fault: toFault(error, 'running') });
  }

  /** A run that the service did not come back for does not look again by itself. */
  async #isThere(): Promise<boolean> {
    const { status } = await this.#options.run.settled();
    return status === 'provisioned' || status === 'needsHands';
  }

  #runEnded(): void {
    if (this.#actor === undefined) {
      this.#publish({ status: 'deleted', path: 'deleted', exit: this.exit });
      this.#end();
    } else if (this.#state.status !== 'deleting') {
      this.#actor.send({ type: 'run.ended' });
    }
  }

  #end(): void {
    const { lives, ref } = this.#options;
    lives.leave(ref.provisionId);
    lives.closeProcesses(ref.provisionId);
    this.#states.complete();
  }
}

function restoredOf(told: ToldLife | 'nothing') {
  if (told === 'nothing') return {};
  const { status, pid, how, exitCode, at } = told;
  const exit = status === 'stopped' ? { how: how ?? ('unexpected' as const), at } : undefined;
  return {
    ...(pid === undefined ? {} : { pid }),
    ...(exit === undefined ? {} : { exit: { ...exit, ...(exitCode === undefined ? {} : { exitCode }) } }),
  };
}
