/** A run on a simulated host whose actors wait for a word, and whose time passes when it is told to. */
import { type AnyActor, type AnyStateMachine, createActor } from 'xstate';
import { actorsOn } from '../../actors/hostActors.ts';
import { type ActorAtWork, type ActorDependencies, Runs } from '../../actors/run.ts';
import { vmActorsOn } from '../../actors/vm/hostActors.ts';
import type { AdmissionClass } from '../../domain/admission.ts';
import type { Patience } from '../../domain/deadlines.ts';
import type { HostEvent } from '../../domain/events.ts';
import { containerId, type ProvisionId, provisionId, type ResourceId, vmId } from '../../domain/ids.ts';
import type { LedgerEntry } from '../../domain/resource.ts';
import type { HostActorsOptions } from '../../engine/hostActors.ts';
import { createProvisioner } from '../../engine/provisioner.ts';
import { ProvisionRun, type TakenUpRun } from '../../engine/provisionRun.ts';
import { containerSubject, vmSubject } from '../../engine/runSubject.ts';
import type { UtilityVm } from '../../engine/vmProvision.ts';
import { virtualClock } from '../../hcs/simulated/clock.ts';
import { type SimulatedHost, simulatedHost } from '../../hcs/simulated/simulatedHost.ts';
import { memoryLedgerStore } from '../../journal/store.ts';
import { memoryVmStore } from '../../journal/vmStore.ts';
import { createContainer } from '../../machines/createContainer/machine.ts';
import type { TakenUp } from '../../machines/run/contract.ts';
import { utilityVm } from '../../machines/utilityVm/machine.ts';
import { breakableReleaser } from './breakable.ts';
import { Conductor, withScripted } from './conductor.ts';
import type { Props, StageOptions } from './props.ts';
import { type LeftRun, leftByAnother } from './start.ts';

/** The patience of runs on a stage: little, so that its end is near. */
export const PATIENCE = {
  layerAttempts: 2,
  releaseAttempts: 2,
  reconcileAttempts: 2,
  leaseMs: Number.POSITIVE_INFINITY,
} as const satisfies Partial<Patience>;

/** What the actors of the releaser are called: they work when a release is let go, and not one by one. */
const RELEASING = ['tryRelease', 'markUnanswered', 'countAlive'];

const OCCUPANT = { id: provisionId('occupant'), number: -1 };

/** How many turns of the event loop without news count as rest. */
const TURNS = 6;

export async function settle(turns = TURNS): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export class Stage implements Props {
  readonly host: SimulatedHost;
  readonly store = memoryLedgerStore();
  readonly vms = memoryVmStore();
  readonly actorClock = virtualClock({ autoAdvance: true });
  /** The deadlines and pauses of the statechart pass when they are told to. */
  readonly clock = virtualClock();
  readonly conductor: Conductor;
  readonly runs: Runs;
  /** Whose release the host refuses. */
  readonly refused = new Set<ResourceId>();
  readonly options: StageOptions;
  hostedIn: UtilityVm | undefined;
  /** What was on the host before the run. */
  before: readonly string[] = [];
  takenUp: TakenUp | undefined;
  readonly #entries = new Map<ResourceId, LedgerEntry>();
  #run: ProvisionRun | undefined;
  #left: LeftRun | undefined;
  #breaksReleaser = false;

  private constructor(options: StageOptions) {
    this.options = options;
    this.host = simulatedHost({ ...options.scenario.host, clock: this.actorClock });
    this.conductor = new Conductor(
      ({ id }) => RELEASING.includes(id),
      (actor, work) => this.#released(actor, work),
    );
    this.runs = new Runs({ ...this.dependencies, admission: { layers: 1, network: 1, systems: 1, vms: 1 } });
  }

  static async set(options: StageOptions): Promise<Stage> {
    const stage = new Stage(options);
    const { scenario } = options;
    if (scenario.kind === 'container' && scenario.vm !== undefined) {
      const { host, store, vms, actorClock: clock } = stage;
      const provisioner = await createProvisioner({ host, journal: store, vms, clock });
      stage.hostedIn = (await provisioner.createVm(scenario.vm).result).vm;
    }
    stage.before = stage.host.snapshot();
    stage.#takeOver(await leftByAnother(stage, options));
    return stage;
  }

  #takeOver(left: LeftRun | undefined): void {
    this.#left = left;
    this.takenUp = left?.takenUp.where;
    for (const entry of left?.takenUp.entries ?? []) this.#entries.set(entry.id, entry);
  }

  /** The ledger of the run. */
  get entries(): readonly LedgerEntry[] {
    return [...this.#entries.values()];
  }

  /** What actors need that work on the stage. */
  get dependencies(): ActorDependencies {
    const { scenario } = this.options;
    const deviceUtil = 'deviceUtil' in scenario ? scenario.deviceUtil : undefined;
    let ids = 0;
    const newId = (): string => {
      ids += 1;
      return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
    };
    const { host, store, vms, actorClock: clock, conductor } = this;
    const report = (_: ProvisionId, event: HostEvent): void => {
      if (event.type === 'resource.changed') this.#entries.set(event.entry.id, event.entry);
      this.#run?.onHostEvent(event);
    };
    const tool = deviceUtil === undefined ? {} : { deviceUtil };
    return { host, store, vms, clock, owner: 'slipway', ...tool, newId, conduct: conductor.conduct, report };
  }

  /** The run of the scenario, which has not begun. */
  runOfScenario(): ProvisionRun {
    this.#run = this.#runOf(this.#left?.id ?? provisionId('run'), this.#left?.takenUp);
    return this.#run;
  }

  /** A statechart of somebody else's, with the actors of this stage in it. */
  actorOf(
    machineOf: (actors: HostActorsOptions) => AnyStateMachine,
    input: unknown,
    scripted: readonly string[],
  ): AnyActor {
    const { clock } = this;
    return createActor(withScripted(machineOf(this.dependencies), scripted, this.conductor), {
      input,
      clock: {
        setTimeout: (run, ms) => clock.setTimeout(run, ms),
        clearTimeout: (timer) => clock.clearTimeout(timer),
      },
    });
  }

  /** Takes the only slot of a class, as the work of another run would. */
  occupy(kind: AdmissionClass): void {
    this.runs.admission.take(kind, OCCUPANT);
  }

  vacate(kind: AdmissionClass): void {
    this.runs.admission.giveBack(kind, OCCUPANT);
  }

  /** Lets the release go on that waits, until it is over. */
  async release(): Promise<void> {
    const before = this.conductor.endsOf('countAlive');
    while (this.conductor.endsOf('countAlive') === before) {
      for (const id of ['listAlive', 'waiveResource']) this.conductor.held(id)?.answer();
      await settle();
      this.clock.advance(50);
    }
    await settle();
  }

  /** Has the releaser break that is told to work. */
  async breakReleaser(): Promise<void> {
    this.#breaksReleaser = true;
    while (this.#breaksReleaser) {
      for (const id of ['listAlive', 'waiveResource']) this.conductor.held(id)?.answer();
      await settle();
    }
    await settle();
  }

  #defect(): void {
    if (!this.#breaksReleaser) return;
    this.#breaksReleaser = false;
    throw new Error('it broke');
  }

  async #released<T>(actor: ActorAtWork, work: () => Promise<T>): Promise<T> {
    const { input } = actor;
    const isRefused = 'resource' in input && [...this.refused].some((id) => id === input.resource);
    if (actor.id !== 'tryRelease' || !isRefused) return work();
    const heal = this.host.inject({ when: 'before', every: true });
    try {
      return await work();
    } finally {
      heal();
    }
  }

  #runOf(id: ProvisionId, takenUp: TakenUpRun | undefined): ProvisionRun {
    const { scenario, keepOnFailure } = this.options;
    const releaseResources = breakableReleaser(this.runs, () => this.#defect());
    return new ProvisionRun({
      provisionId: id,
      subject:
        scenario.kind === 'container'
          ? containerSubject(
              createContainer.provide({ actors: { ...actorsOn(this.runs), releaseResources } }),
              containerId('shop'),
              {
                ...scenario.request,
                keepOnFailure,
              },
            )
          : vmSubject(
              utilityVm.provide({ actors: { ...vmActorsOn(this.runs), releaseResources } }),
              vmId('shop-vm'),
              scenario.request,
              {
                keepOnFailure,
              },
            ),
      deadlines: {},
      patience: PATIENCE,
      runs: this.runs,
      clock: this.clock,
      inspect: undefined,
      ...(takenUp === undefined ? {} : { takenUp }),
      onStrangerError: fail,
      onNotesError: fail,
    });
  }
}

function fail(error: unknown): never {
  throw error;
}
