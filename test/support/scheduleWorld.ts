/** A host with a utility VM, on which processes work, die, and recover what others have left. */
import { vmId } from '../../src/domain/ids.ts';
import {
  createProvisioner,
  memoryLedgerStore,
  memoryVmStore,
  type Provision,
  type Provisioner,
  type Recovery,
  RunInProgress,
} from '../../src/index.ts';
import { summarize } from '../../src/journal/runSummary.ts';
import { simulatedHost, virtualClock } from '../../src/testing/index.ts';
import { quiet } from '../conformance/hangWatch.ts';
import { type DeathWish, Life } from '../conformance/mortal.ts';
import { mortalProvisioner } from '../conformance/scene.ts';
import { anyLatencies } from './latencies.ts';
import { pretendedProcesses } from './processes.ts';
import { type Death, hostFor, type Id, PLACES, type Schedule } from './schedule.ts';
import { podVmRequest } from './vmPods.ts';
import { vmHost } from './vmRuns.ts';

export interface Working {
  readonly life: Life;
  readonly provisioner: Provisioner;
  /** The runs that it drives. */
  readonly open: () => readonly Provision[];
}

/** A run that is there, and who drives it. */
export interface Driven {
  readonly by: Working;
  readonly provision: Provision;
}

const KEEPER = 'the keeper of the VM';

export class World {
  readonly vm = vmId('vm-1');
  readonly journal = memoryLedgerStore();
  readonly vms = memoryVmStore();
  readonly host;
  readonly recoveries: Recovery[] = [];
  /** Runs whose process has died. */
  readonly orphaned = new Set<string>();
  crashes = 0;
  /** Calls that had not answered in time, and did at last. */
  lateAnswers = 0;
  readonly #clock = virtualClock({ autoAdvance: true });
  readonly #processes = pretendedProcesses();
  readonly #working: Working[] = [];
  /** What has to be over before the world is at rest. */
  readonly #going = new Set<Promise<void>>();
  #started = 0;

  private constructor({ guest, seed }: Schedule) {
    const { files = [], ...rest } = hostFor(guest);
    const all = { ...vmHost(), ...rest, files };
    this.host = simulatedHost({ ...all, clock: this.#clock, latencies: anyLatencies(seed) });
  }

  static async of(schedule: Schedule): Promise<World> {
    const world = new World(schedule);
    const keeper = await createProvisioner({ ...world.#shared(KEEPER), host: world.host });
    await keeper.createVm(podVmRequest(schedule.guest)).result;
    for (const _ of PLACES) world.#working.push(await world.#start());
    return world;
  }

  /** Who works at a place now. */
  at(place: number): Working {
    const working = this.#working[place];
    if (working === undefined) throw new Error(`nobody works at place ${place}`);
    return working;
  }

  /** The run of the id that somebody drives. */
  driven(id: Id): Driven | undefined {
    return this.allDriven().find(({ provision }) => provision.containerId === id);
  }

  allDriven(): readonly Driven[] {
    return this.#working
      .filter(({ life }) => !life.isOver)
      .flatMap((by) => by.open().map((provision) => ({ by, provision })));
  }

  async runs() {
    return (await summarize(this.journal, this.#processes.named('the onlooker'))).runs.filter(
      ({ kind }) => kind === 'container',
    );
  }

  async record() {
    const record = await this.vms.read(this.vm);
    if (record === undefined) throw new Error('the VM is not known');
    return record;
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.setTimeout(resolve, ms));
  }

  /** Lets the calls that hang answer. */
  answer(): void {
    this.lateAnswers += this.host.pendingCalls;
    this.host.answerPending();
  }

  /** Whoever works at the place then dies at that act, counted from now; undefined: nobody does. */
  expectDeath(death: Death | undefined): void {
    for (const place of PLACES) {
      const { life } = this.at(place);
      life.dieAt(place === death?.place ? death.wish : undefined);
    }
    this.#again = death?.again;
  }

  #again: DeathWish | undefined;

  /** Notes something that goes on. */
  go(work: Promise<void>): void {
    const over = work.finally(() => this.#going.delete(over));
    this.#going.add(over);
  }

  /** Waits until all is over that goes on, and nothing moves any more. What hangs answers only if it has to. */
  async rest(): Promise<void> {
    for (let turns = 0; turns < 20; turns += 1) {
      if (!(await quiet({ host: this.host, clock: this.#clock }, NOBODY))) break;
      if (this.#going.size === 0) return;
      this.answer();
    }
    throw new Error('it does not come to rest');
  }

  /** What the processes that live can recover. */
  async recover(): Promise<void> {
    for (const { provisioner } of this.#working) this.recoveries.push(await provisioner.recover());
  }

  /** Ends all processes. */
  async end(): Promise<void> {
    for (const { life } of this.#working) life.die();
    await quiet({ host: this.host, clock: this.#clock }, NOBODY);
  }

  #shared(own: string) {
    return { clock: this.#clock, journal: this.journal, vms: this.vms, processes: this.#processes.named(own) };
  }

  async #start(wish?: DeathWish): Promise<Working> {
    this.#started += 1;
    const own = `process ${this.#started}`;
    const life = new Life(wish);
    const process = this.host.attach();
    const provisioner = await mortalProvisioner({ ...this.#shared(own), host: process }, life);
    let open: readonly Provision[] = [];
    provisioner.provisions$.subscribe((provisions) => {
      open = provisions;
    });
    const working = { life, provisioner, open: () => open };
    void life.died.then(() => {
      for (const { id } of open) this.orphaned.add(id);
      process.end();
      this.#processes.end(own);
      this.#onDeath(working);
    });
    return working;
  }

  /** Another process takes the place of one that died in the middle, and recovers what that has left. */
  #onDeath(working: Working): void {
    const place = this.#working.indexOf(working);
    if (working.life.last === '') return;
    this.crashes += 1;
    const again = this.#again;
    this.#again = undefined;
    this.go(this.#succeed(place, again));
  }

  async #succeed(place: number, wish: DeathWish | undefined): Promise<void> {
    const next = await this.#start(wish);
    this.#working[place] = next;
    const recovery = await Promise.race([next.provisioner.recover(), next.life.died]);
    if (recovery === undefined) return;
    next.life.dieAt(undefined);
    this.recoveries.push(recovery);
  }
}

/** A world that rests is at rest whatever the state of one run is. */
const NOBODY = { state: {} };

/** Takes up what a process has left that is gone, unless somebody is at it. */
export async function takeUp(
  { provisioner }: Working,
  id: Parameters<Provisioner['takeUp']>[0],
): Promise<Provision | undefined> {
  try {
    return await provisioner.takeUp(id);
  } catch (error) {
    if (error instanceof RunInProgress) return undefined;
    throw error;
  }
}
