import { tryRelease } from '../actors/release.ts';
import type { Runs } from '../actors/run.ts';
import type { Clock } from '../domain/clock.ts';
import type { ContainerState, LifeEvent } from '../domain/containerLife.ts';
import type { Deadlines, Patience } from '../domain/deadlines.ts';
import type { HostEvent, ProvisionEvent, RunEvent } from '../domain/events.ts';
import type { Fault } from '../domain/fault.ts';
import type { ProvisionId, ResourceId } from '../domain/ids.ts';
import { isAtRest, type RecordedStatus } from '../domain/provisionStatus.ts';
import { isAlive, type LedgerEntry, releaseOrder } from '../domain/resource.ts';
import { machineProcesses } from '../hcs/processIdentity.ts';
import type { ToldLife } from '../journal/runSummary.ts';
import { asFault } from '../machines/faults.ts';
import type { TakenUp } from '../machines/run/contract.ts';
import { type ProvisionState, pendingSteps, type StepState, stepsAfter } from '../observe/provisionState.ts';
import { Recorder } from '../observe/recorder.ts';
import { type Waiting, waitingOf } from '../observe/waiting.ts';
import type { ReleaseReport } from './faults.ts';
import type { isolatedInspect } from './inspect.ts';
import { Lease } from './lease.ts';
import { RunNotes } from './runNotes.ts';
import type { EngineEvent, RunActor, RunSnapshot, RunSubject } from './runSubject.ts';
import { pathOf, statusOf } from './snapshotWords.ts';

export interface TakenUpRun {
  readonly where: TakenUp;
  readonly entries: readonly LedgerEntry[];
  /** Of a run that was held: until when, ISO 8601. */
  readonly heldUntil: string | undefined;
}

export interface ProvisionRunOptions {
  readonly provisionId: ProvisionId;
  readonly subject: RunSubject;
  readonly deadlines: Partial<Deadlines>;
  readonly patience: Partial<Patience>;
  readonly runs: Runs;
  readonly clock: Clock;
  readonly inspect: ReturnType<typeof isolatedInspect> | undefined;
  /** Where the run stands that another process began, and what its ledger says. */
  readonly takenUp?: TakenUpRun;
  /** Told of defects in what subscribers and inspectors do. */
  readonly onStrangerError: (error: unknown) => void;
  /** Told of what could not be noted in the store. */
  readonly onNotesError: (error: unknown) => void;
}

/** What becomes of a container when something becomes of its run. */
export interface AttachedLife {
  serviceIsLost(): void;
  serviceIsBack(): void;
  runEnded(): void;
}

/** A run that was held by another process is held no longer than that one had said. */
function leaseOf(takenUp: TakenUpRun | undefined): Lease {
  return takenUp?.where.at === 'held' ? new Lease(takenUp.heldUntil ?? 'never') : new Lease();
}

function notesOf({ runs, provisionId, onNotesError }: ProvisionRunOptions): RunNotes {
  const { store, processes = machineProcesses } = runs.dependencies;
  return new RunNotes({ store, run: provisionId, process: processes.own, onError: onNotesError });
}

/** One running statechart with everything that watches it: the only place where its actor is made. */
export class ProvisionRun {
  readonly recorder: Recorder;
  readonly #options: ProvisionRunOptions;
  readonly #actor: RunActor;
  readonly #notes: RunNotes;
  readonly #lease: Lease;
  readonly #startedAt: number;
  readonly #entries = new Map<ResourceId, LedgerEntry>();
  #sequence = 0;
  #life: AttachedLife | undefined;
  #steps: readonly StepState[];
  #crashed = false;
  #enteredMs = 0;
  /** Calls to the host that have not answered, in the order in which they were begun. */
  readonly #pending: Array<{ readonly call: string; readonly target: string; readonly sinceMs: number }> = [];

  constructor(options: ProvisionRunOptions) {
    this.#options = options;
    this.#notes = notesOf(options);
    this.#lease = leaseOf(options.takenUp);
    this.#startedAt = options.clock.now();
    const { provisionId, subject, deadlines, patience, clock, inspect, takenUp } = options;
    this.#steps = pendingSteps(subject.steps);
    const input = { provisionId, deadlines, patience, ...(takenUp === undefined ? {} : { takenUp: takenUp.where }) };
    this.#actor = subject.actorOf(input, {
      clock: {
        setTimeout: (run, ms) => clock.setTimeout(run, ms),
        clearTimeout: (timer) => clock.clearTimeout(timer),
      },
      ...(inspect === undefined ? {} : { inspect }),
    });
    const initial: ProvisionState = {
      provisionId,
      containerId: subject.id,
      status: 'provisioning',
      path: 'initializing',
      step: 'initializing',
      steps: this.#steps,
      elapsedMs: 0,
    };
    this.recorder = new Recorder(initial, options.onStrangerError);
    for (const entry of takenUp?.entries ?? []) this.#entries.set(entry.id, entry);
    if (takenUp !== undefined) this.recorder.publishResources(this.entries);
  }

  start(): void {
    const { subject, takenUp } = this.#options;
    const { runs, provisionId } = this.#options;
    if (takenUp === undefined) runs.openAfter(provisionId, this.#notes.started(subject.id, subject.asked));
    this.#actor.on('*', (event) => this.#publish(event));
    this.#actor.subscribe({
      next: (snapshot) => this.#publishSnapshot(snapshot),
      error: (error) => void this.#crash(error),
    });
    const { deadlines, patience } = this.#actor.getSnapshot().context;
    this.#notes.limits(deadlines, patience);
    this.#actor.start();
  }

  can(event: EngineEvent): boolean {
    return !this.#crashed && this.#actor.getSnapshot().can(event);
  }

  send(event: EngineEvent): void {
    this.#actor.send(event);
  }

  get entries(): readonly LedgerEntry[] {
    return [...this.#entries.values()];
  }

  get report(): ReleaseReport {
    const { entries } = this;
    return { released: entries.filter((entry) => entry.state === 'released'), residue: entries.filter(isAlive) };
  }

  /** What the actors say of the host. */
  onHostEvent(event: HostEvent): void {
    if (event.type === 'resource.changed') {
      this.#entries.set(event.entry.id, event.entry);
      this.recorder.publishResources(this.entries);
    }
    if (event.type === 'call.started') this.#pending.push({ ...event, sinceMs: this.#elapsed() });
    if (event.type === 'call.answered') this.#drop(event);
    this.#publish(event);
  }

  /** Has the life of the container told of what happens to the run. */
  attach(life: AttachedLife): void {
    this.#life = life;
  }

  /** What the container does that came of the run. */
  onLife(life: ContainerState): void {
    this.recorder.publishState({ ...this.recorder.state, life, elapsedMs: this.#elapsed() });
  }

  onLifeEvent(event: LifeEvent): void {
    this.#publish(event);
  }

  /** Has it written down for a process that takes the run up. */
  noteLife(life: ToldLife): void {
    this.#notes.life(life);
  }

  /** What the run waits for now. */
  waiting(): Waiting {
    const { deadlines, patience } = this.#actor.getSnapshot().context;
    const pending = this.#pending.at(-1);
    const { state } = this.recorder;
    const place = this.#options.runs.admission.placeOf(state.provisionId);
    return waitingOf({ state, enteredMs: this.#enteredMs, pending, place, deadlines, patience });
  }

  /** Resolves when the run rests, settled or at its end, and its record says so. */
  async settled(): Promise<ProvisionState> {
    const state = await this.#rest();
    await this.#notes.written;
    return state;
  }

  #rest(): Promise<ProvisionState> {
    return new Promise((resolve) => {
      if (isAtRest(this.recorder.state.status)) return resolve(this.recorder.state);
      const subscription = this.recorder.life.state$.subscribe((state) => {
        if (!isAtRest(state.status)) return;
        setImmediate(() => subscription.unsubscribe());
        resolve(state);
      });
    });
  }

  /** Resolves at the next end of a release, of whatever is left by then, or at the end of the run. */
  nextReleaseFinished(): Promise<void> {
    return new Promise((resolve) => {
      const end = this.recorder.life.state$.subscribe({ complete: resolve });
      const subscription = this.#actor.on('*', ({ type }) => {
        if (type !== 'release.finished') return;
        subscription.unsubscribe();
        end.unsubscribe();
        resolve();
      });
    });
  }

  #publish(event: RunEvent | HostEvent): void {
    this.#sequence += 1;
    const stamped: ProvisionEvent = {
      ...event,
      provisionId: this.#options.provisionId,
      sequence: this.#sequence,
      atMs: this.#elapsed(),
    };
    this.#notes.event(event, stamped.atMs);
    this.#steps = stepsAfter(this.#steps, stamped);
    this.recorder.publishEvent(stamped);
    if (event.type === 'service.disconnected') this.#life?.serviceIsLost();
    if (event.type === 'service.reconciled') this.#life?.serviceIsBack();
  }

  #drop({ call, target }: { readonly call: string; readonly target: string }): void {
    const index = this.#pending.findIndex((pending) => pending.call === call && pending.target === target);
    if (index >= 0) this.#pending.splice(index, 1);
  }

  #publishSnapshot(snapshot: RunSnapshot): void {
    const { fault, step, document } = snapshot.context;
    this.#notes.document(document, this.#elapsed());
    const path = pathOf(snapshot.value);
    if (path !== this.recorder.state.path) this.#enter(path);
    const status = statusOf(snapshot);
    // Until the service was asked, the file goes on saying where the run stood before.
    if (!snapshot.hasTag('reconciling') && status !== 'reconciling') this.#noteStatus(status, fault);
    this.recorder.publishState({
      ...this.recorder.state,
      status,
      path,
      step,
      steps: this.#steps,
      elapsedMs: this.#elapsed(),
      ...(fault === null ? {} : { fault }),
    });
    if (snapshot.status === 'done') this.#end();
  }

  #enter(path: string): void {
    this.#enteredMs = this.#elapsed();
    this.#notes.state(path, this.#enteredMs);
  }

  #noteStatus(status: RecordedStatus, fault: Fault | null): void {
    if (status !== 'held') {
      this.#lease.stop();
      this.#notes.status(status, fault);
      return;
    }
    if (this.recorder.state.status === 'held') return;
    const { leaseMs } = this.#actor.getSnapshot().context.patience;
    this.#notes.status(
      status,
      fault,
      this.#lease.hold(leaseMs, () => this.send({ type: 'lease.expired' })),
    );
  }

  #elapsed(): number {
    return this.#options.clock.now() - this.#startedAt;
  }

  /** The statechart itself broke, which is a defect of ours: the ledger is worked off without it. */
  async #crash(error: unknown): Promise<void> {
    this.#crashed = true;
    const { runs, provisionId } = this.#options;
    const run = await runs.get(provisionId);
    runs.admission.leave(provisionId);
    run.stop();
    for (const entry of releaseOrder(run.ledger.entries)) await tryRelease(run, entry.id);
    const fault = asFault(error, this.recorder.state.step);
    const status = run.ledger.entries.some(isAlive) ? 'needsHands' : 'failed';
    this.#notes.status(status, fault);
    this.recorder.publishState({ ...this.recorder.state, status, fault, elapsedMs: this.#elapsed() });
    this.#end();
  }

  #end(): void {
    this.#options.runs.forget(this.#options.provisionId);
    this.#life?.runEnded();
    this.recorder.end();
  }
}
