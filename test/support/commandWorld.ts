/** A host on which one process works after the other, with three provisions that share what they can. */
import { setImmediate as turn } from 'node:timers/promises';
import { vmId } from '../../src/domain/ids.ts';
import { HostError } from '../../src/hcs/hostError.ts';
import {
  type Container,
  createProvisioner,
  LifeFault,
  LifeRefusal,
  memoryLedgerStore,
  memoryVmStore,
  type Provision,
  type Provisioner,
  ProvisionFault,
  type ReleaseHandle,
} from '../../src/index.ts';
import { isOpen, summarize } from '../../src/journal/runSummary.ts';
import { simulatedHost, virtualClock } from '../../src/testing/index.ts';
import { quiet } from '../conformance/hangWatch.ts';
import { Life } from '../conformance/mortal.ts';
import { mortalProvisioner } from '../conformance/scene.ts';
import { type Ground, hostOf, IDS_OF, type SlotId } from './commandRequests.ts';
import { anyLatencies } from './latencies.ts';
import { pretendedProcesses } from './processes.ts';
import { podVmRequest } from './vmPods.ts';

/** What its caller has of one provision. */
export interface Slot {
  readonly provision: Provision;
  container?: Container;
  held?: ReleaseHandle;
  /** What it comes to. */
  readonly known: Promise<void>;
}

const NOBODY = { state: {} };

/** What may be told of work that went otherwise than well. */
function isTold(error: unknown): boolean {
  // What could not be looked at, because the service was away or a call failed, is left to the next recovery.
  if (error instanceof LifeRefusal || error instanceof HostError) return true;
  return (error instanceof ProvisionFault || error instanceof LifeFault) && error.code !== 'internal-error';
}

export class CommandWorld {
  readonly vm = vmId('vm-1');
  readonly ids: readonly SlotId[];
  readonly hasVm: boolean;
  readonly journal = memoryLedgerStore();
  readonly vms = memoryVmStore();
  readonly clock = virtualClock({ autoAdvance: true });
  readonly host;
  readonly slots = new Map<SlotId, Slot>();
  /** What went otherwise than it may. */
  readonly defects: unknown[] = [];
  /** The host before anything was created. */
  before: readonly string[] = [];
  isServiceDown = false;
  /** How often a provision or its container stood somewhere at a rest. */
  readonly seen = new Map<string, number>();
  readonly #processes = pretendedProcesses();
  /** What is asked for, and has not come to an end. */
  readonly #going = new Map<Promise<void>, string>();
  readonly #heals: Array<() => void> = [];
  #life = new Life();
  #provisioner: Provisioner | undefined;
  #end: () => void = () => {};
  #started = 0;

  private constructor(ground: Ground, seed: number) {
    this.ids = IDS_OF[ground];
    this.hasVm = ground !== 'namespace';
    this.host = simulatedHost({ ...hostOf(), clock: this.clock, latencies: anyLatencies(seed) });
  }

  static async of(ground: Ground, seed: number): Promise<CommandWorld> {
    const world = new CommandWorld(ground, seed);
    const keeper = await createProvisioner({ ...world.#shared('the keeper of the VM'), host: world.host });
    // Its owner may not get its handle back: then whoever looks at it has the last one, for a moment.
    const vm = { ...podVmRequest('windows'), lifetime: 'host' } as const;
    if (world.hasVm) await keeper.createVm(vm).result;
    world.before = world.host.snapshot();
    await world.#start();
    return world;
  }

  get provisioner(): Provisioner {
    if (this.#provisioner === undefined) throw new Error('nobody works');
    return this.#provisioner;
  }

  /** Notes something that goes on, in the process that works now. */
  go(words: string, work: Promise<unknown>): void {
    const over = work
      .then(
        () => {},
        (error: unknown) => {
          if (!isTold(error)) this.defects.push({ words, error });
        },
      )
      .finally(() => this.#going.delete(over));
    this.#going.set(over, words);
  }

  enter(id: SlotId, provision: Provision): Slot {
    const slot: Slot = {
      provision,
      known: provision.result.then(
        ({ container }) => {
          slot.container = container;
        },
        (error: unknown) => {
          if (error instanceof ProvisionFault && error.held !== undefined) slot.held = error.held;
        },
      ),
    };
    this.slots.set(id, slot);
    return slot;
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.clock.setTimeout(resolve, ms));
  }

  /** A fault that is taken back at the next rest. */
  inject(fault: Parameters<CommandWorld['host']['inject']>[0]): void {
    this.#heals.push(this.host.inject(fault));
  }

  async serviceDies(awayMs: number, systemsSurvive: boolean): Promise<void> {
    if (this.isServiceDown) return;
    this.isServiceDown = true;
    // A VM is not given back by what is done here.
    await this.host.serviceDies({ systemsSurvive: systemsSurvive || this.hasVm });
    this.clock.setTimeout(() => {
      this.host.serviceRestarts();
      this.isServiceDown = false;
    }, awayMs);
  }

  /** The process ends in the middle of all that it does; the next one recovers what it has left. */
  async restart(): Promise<void> {
    this.#life.die();
    this.#end();
    this.#going.clear();
    this.slots.clear();
    await this.#start();
    this.go('recover', this.#recover());
  }

  async #recover(): Promise<void> {
    const provisioner = this.provisioner;
    const life = this.#life;
    const { runs } = await provisioner.recover();
    if (life.isOver) return;
    for (const { error } of runs)
      if (error !== undefined && !isTold(error)) this.defects.push({ words: 'recover', error });
    await this.takeUpAll();
  }

  /** Whatever the journal has of the provisions is driven by the process that works now. */
  async takeUpAll(): Promise<void> {
    const provisioner = this.provisioner;
    for (const { containerId, provisionId } of (await this.runs()).filter(isOpen)) {
      const id = this.ids.find((one) => one === containerId);
      if (id === undefined || this.slots.has(id)) continue;
      this.enter(id, await provisioner.takeUp(provisionId));
    }
  }

  /** Lets a moment pass in which nothing has to come to its end. */
  async moment(): Promise<void> {
    for (let turns = 0; turns < 4; turns += 1) await turn();
  }

  /** Waits until nothing moves any more; gives what has not come to an end by then. */
  async rest(): Promise<readonly string[]> {
    if (!(await quiet({ host: this.host, clock: this.clock }, NOBODY))) return ['it does not come to rest'];
    for (const heal of this.#heals.splice(0)) heal();
    return [...this.#going.values()];
  }

  note(): void {
    for (const { provision, container } of this.slots.values()) {
      for (const words of [provision.state.status, container?.life.status]) {
        if (words !== undefined) this.seen.set(words, (this.seen.get(words) ?? 0) + 1);
      }
    }
    if (this.host.pendingCalls > 0) this.seen.set('hung', (this.seen.get('hung') ?? 0) + 1);
  }

  async runs() {
    return (await summarize(this.journal, this.#processes.named('the onlooker'))).runs.filter(
      ({ kind }) => kind === 'container',
    );
  }

  async record() {
    return this.vms.read(this.vm);
  }

  /** Ends the process, and all that it waits for. */
  async end(): Promise<void> {
    this.#life.die();
    this.#end();
    await this.moment();
  }

  #shared(own: string) {
    const { clock, journal, vms } = this;
    return { clock, journal, vms, processes: this.#processes.named(own) };
  }

  async #start(): Promise<void> {
    this.#started += 1;
    const own = `process ${this.#started}`;
    const process = this.host.attach();
    this.#life = new Life();
    this.#end = () => {
      process.end();
      this.#processes.end(own);
    };
    this.#provisioner = await mortalProvisioner({ ...this.#shared(own), host: process }, this.#life);
  }
}
