/** The life of a container as the engine leads it, on a host on which only that happens which a path says. */
import {
  type AnyActorRef,
  type AnyEventObject,
  type AnyMachineSnapshot,
  type EventObject,
  fromCallback,
  isMachineSnapshot,
} from 'xstate';
import { actorsOn } from '../../src/actors/hostActors.ts';
import { Runs } from '../../src/actors/run.ts';
import { containerId, provisionId } from '../../src/domain/ids.ts';
import { isAlive } from '../../src/domain/resource.ts';
import { LifeCourse } from '../../src/engine/life/life.ts';
import { Lives } from '../../src/engine/life/lives.ts';
import { ProvisionRun } from '../../src/engine/provisionRun.ts';
import { containerSubject } from '../../src/engine/runSubject.ts';
import { memoryLedgerStore, memoryVmStore } from '../../src/index.ts';
import type { ContainerEvent, ContainerRef } from '../../src/machines/container/contract.ts';
import { createContainer } from '../../src/machines/index.ts';
import type { ProcessEvent, ProcessRef } from '../../src/machines/process/contract.ts';
import { simulatedHost, virtualClock } from '../../src/testing/index.ts';
import type { Happening } from '../../src/testing/model/happening.ts';
import { valueInWords } from '../../src/testing/model/words.ts';
import { Conductor, type HeldActor } from '../../src/testing/stage/conductor.ts';
import { settle } from '../../src/testing/stage/stage.ts';
import { lifeRequest, PROGRAMS } from '../support/lives.ts';
import { hostOptions } from '../support/requests.ts';

/** What happens to a system or a process is told by the path. */
const silent = () => {};
const watchSystem = fromCallback<AnyEventObject, ContainerRef, ContainerEvent>(silent);
const watchProcess = fromCallback<AnyEventObject, ProcessRef, ProcessEvent>(silent);

class StagedLives extends Lives {
  override get container() {
    const { process } = this;
    return super.container.provide({
      actors: { watchSystem, process: process.provide({ actors: { watchProcess } }) },
    });
  }
}

const HYPERV_IMAGE = { path: 'C:\\layers\\base\\UtilityVM', dir: true };
const ID = provisionId('run');

function fail(error: unknown): never {
  throw error;
}

type Answered = Happening & { readonly kind: 'succeeds' | 'fails' };

export class LifeStage {
  readonly host;
  readonly #clock = virtualClock();
  readonly #conductor: Conductor;
  readonly #runs: Runs;
  readonly #run: ProvisionRun;
  readonly #lives: StagedLives;
  #course: LifeCourse | undefined;
  /** How many answers were those of actors that worked on the host, and how many were given in their place. */
  readonly answers = { worked: 0, given: 0 };

  /** @param held the actors that wait for the word of the path */
  private constructor(held: readonly string[]) {
    const { files = [], ...options } = hostOptions();
    this.host = simulatedHost({ ...options, files: [...files, HYPERV_IMAGE], processes: PROGRAMS, clock: this.#clock });
    this.#conductor = new Conductor(({ id }) => !held.includes(id));
    let ids = 0;
    const newId = (): string => {
      ids += 1;
      return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
    };
    this.#runs = new Runs({
      host: this.host,
      store: memoryLedgerStore(),
      vms: memoryVmStore(),
      clock: this.#clock,
      owner: 'slipway',
      newId,
      conduct: this.#conductor.conduct,
      report: (_, event) => this.#run.onHostEvent(event),
    });
    const options2 = { runs: this.#runs, patience: { reconcileAttempts: 2 }, newId, inspect: undefined };
    this.#lives = new StagedLives({ ...options2, onStrangerError: fail });
    this.#run = this.#runOf();
  }

  static async set(held: readonly string[]): Promise<LifeStage> {
    const stage = new LifeStage(held);
    stage.#run.start();
    await stage.#run.settled();
    stage.#begin();
    await settle();
    return stage;
  }

  #runOf(): ProvisionRun {
    const machine = createContainer.provide({ actors: actorsOn(this.#runs) });
    return new ProvisionRun({
      provisionId: ID,
      subject: containerSubject(machine, containerId('web-1'), { ...lifeRequest({ canPause: true }) }),
      deadlines: {},
      patience: {},
      runs: this.#runs,
      clock: this.#clock,
      inspect: undefined,
      onStrangerError: fail,
      onNotesError: fail,
    });
  }

  #begin(): void {
    const release = async () => {
      this.#giveBack();
      await this.#run.settled();
      return this.#run.report;
    };
    this.#course = new LifeCourse({
      run: this.#run,
      ref: { provisionId: ID, containerId: containerId('web-1'), os: 'windows' },
      handle: { release, waive: release },
      told: undefined,
      lives: this.#lives,
      onSnapshot: () => {},
    });
    void this.#course.actor;
  }

  #giveBack(): void {
    const event = [{ type: 'resources.release' }, { type: 'release.retry' }] as const;
    const possible = event.find((one) => this.#run.can(one));
    if (possible !== undefined) this.#run.send(possible);
  }

  get #actor(): LifeCourse['actor'] {
    if (this.#course === undefined) throw new Error('the life has not begun');
    return this.#course.actor;
  }

  /** Where the container stands, and its first process, and with which fault. */
  get view(): string {
    const snapshot = this.#actor.getSnapshot();
    const init = snapshot.children.init?.getSnapshot();
    return viewOf(snapshot, isMachineSnapshot(init) ? init : undefined);
  }

  /** Whether its caller is told where it stands. */
  get tellsWhere(): boolean {
    const { status } = this.#course?.state ?? {};
    return status !== undefined && this.#actor.getSnapshot().hasTag(status);
  }

  async play(happening: Happening): Promise<void> {
    if (happening.kind === 'succeeds' || happening.kind === 'fails') await this.#answer(happening);
    if (happening.kind === 'timePasses') this.#clock.advance(happening.ms);
    if (happening.kind === 'isTold') this.#tell(happening.place, happening.event);
    await settle();
  }

  #tell(place: string, event: EventObject): void {
    const init: AnyActorRef | undefined = this.#actor.getSnapshot().children.init;
    if (place === 'init') init?.send(event as ProcessEvent);
    else this.#actor.send(event as ContainerEvent);
  }

  async #answer(happening: Answered): Promise<void> {
    const held = this.#conductor.held(happening.actor);
    if (held === undefined) throw new RangeError(`${happening.actor} is not at work`);
    const isWorking = await this.#works(held, happening);
    this.answers[isWorking ? 'worked' : 'given'] += 1;
    if (isWorking) return held.answer();
    if (happening.kind === 'fails') return held.fail(happening.fault);
    held.give((happening.event as EventObject & { readonly output?: unknown }).output);
  }

  /** Whether the actor, at work, comes to what the path says. */
  async #works(held: HeldActor, happening: Answered): Promise<boolean> {
    const { output } = happening.event as EventObject & { readonly output?: unknown };
    const isRelease = happening.actor === 'releaseContainer';
    if (isRelease && (happening.kind === 'fails' || Object(output).residue > 0)) return false;
    const heal = happening.kind === 'fails' ? this.host.inject({ nth: 1, when: 'before' }) : () => {};
    const outcome = await held.outcome();
    heal();
    if (happening.kind === 'fails') return 'fault' in outcome && outcome.fault === happening.fault.code;
    return 'output' in outcome && alike(outcome.output, output);
  }

  /** Lets all answer, and gives all back. */
  async finish(): Promise<readonly string[]> {
    for (let urge = 0; urge < 60 && this.#run.recorder.state.status !== 'released'; urge += 1) {
      for (const id of this.#conductor.waiting) this.#conductor.held(id)?.answer();
      this.host.answerPending();
      await settle();
      this.#giveBack();
      await settle();
      this.#clock.advance(1_000);
    }
    for (const id of this.#conductor.waiting) this.#conductor.held(id)?.answer();
    await settle();
    const left = this.#run.entries.filter(isAlive).map(({ resource }) => resource.kind);
    const status = this.#run.recorder.state.status;
    return [...this.host.snapshot(), ...left, ...(status === 'released' ? [] : [`the run is ${status}`])];
  }
}

const codeOf = (snapshot: AnyMachineSnapshot): string => {
  const { fault, outcome } = snapshot.context;
  const code = fault?.code ?? outcome?.fault?.code;
  return code === undefined ? '' : ` (${code})`;
};

export function viewOf(container: AnyMachineSnapshot, init: AnyMachineSnapshot | undefined): string {
  const own = `${valueInWords(container.value)}${codeOf(container)}`;
  return init === undefined ? own : `${own}, init: ${valueInWords(init.value)}${codeOf(init)}`;
}

/** What is said of the same: pids are the host's to choose, and what is not said is not wrong. */
function alike(found: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return true;
  return Object.entries(wanted).every(([key, value]) => key === 'pid' || Object(found)[key] === value);
}
