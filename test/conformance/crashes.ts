/** What is left when the process of a create dies, and another one recovers what it had begun. */
import { v4 as uuid } from 'uuid';
import { vmId } from '../../src/domain/ids.ts';
import {
  createProvisioner,
  memoryLedgerStore,
  memoryVmStore,
  type Provisioner,
  type ProvisionerOptions,
  type Recovery,
} from '../../src/index.ts';
import { difference, type SimulatedHost, simulatedHost, virtualClock } from '../../src/testing/index.ts';
import type { Case } from './case.ts';
import { type DeathWish, Life, mortalClock, mortalHost, mortalJournal, mortalVms } from './mortal.ts';
import { describeHost, inTime, optionsOf, provisionerOn, requestOf } from './runCase.ts';

export type Lifetime = 'process' | 'host';

export interface CrashResult {
  readonly name: string;
  readonly lifetime: Lifetime;
  readonly crash: DeathWish & { readonly in: string };
  /** What recovery did, by run. */
  readonly recovered: readonly string[];
  readonly leaked: readonly string[];
  readonly defects: readonly string[];
}

const ENGINE = 'the engine';
const RECOVERY = 'the recovery';
const ONLOOKER = 'the onlooker';

/** A host with everything that was there before, and the files of processes that come and go. */
class Scene {
  readonly clock = virtualClock({ autoAdvance: true });
  readonly journal = memoryLedgerStore();
  readonly vms = memoryVmStore();
  readonly host: SimulatedHost;
  readonly #one: Case;
  readonly #ended = new Set<string>();
  aliveBefore: readonly string[] = [];

  private constructor(one: Case) {
    this.#one = one;
    this.host = simulatedHost({ ...describeHost(one), clock: this.clock });
  }

  /** What was there before belongs to a process that lives on. */
  static async of(one: Case): Promise<Scene> {
    const scene = new Scene(one);
    const { host, clock, journal, vms } = scene;
    const processes = scene.#processes(ONLOOKER);
    await provisionerOn(one, { ...optionsOf(one), host, clock, journal, vms, processes });
    scene.aliveBefore = host.snapshot();
    return scene;
  }

  /** Runs `work` in a process of its own until it is done, or the process dies; then its handles are closed. */
  async inProcess<T>(own: string, life: Life, work: (provisioner: Provisioner) => Promise<T>): Promise<T | undefined> {
    const process = this.host.attach();
    const options: ProvisionerOptions = {
      ...optionsOf(this.#one),
      host: mortalHost(process, life),
      clock: mortalClock(this.clock, life),
      journal: mortalJournal(this.journal, life),
      vms: mortalVms(this.vms, life),
      processes: this.#processes(own),
    };
    const provisioner = await createProvisioner(options);
    const done = await Promise.race([work(provisioner), life.died.then(() => undefined)]);
    life.die();
    process.end();
    this.#ended.add(own);
    return done;
  }

  /** Every container that was there before has its places in the VM, and nobody else has any. */
  async holders(): Promise<readonly string[]> {
    const { uvm } = this.#one.request;
    const record = uvm ? await this.vms.read(vmId(uvm.id)) : undefined;
    if (record === undefined) return [];
    const { numbersGiven: _, ...attachments } = record.attachments;
    return [
      JSON.stringify(attachments, (key, value) => (key === 'namesGiven' ? undefined : value)),
      ...record.unsettled,
    ];
  }

  #processes(own: string): NonNullable<ProvisionerOptions['processes']> {
    return { own, hasEnded: (identity) => this.#ended.has(identity) };
  }
}

async function createAndRelease(provisioner: Provisioner, one: Case, lifetime: Lifetime): Promise<void> {
  const { container } = await provisioner.create({ ...requestOf(one.request, uuid()), lifetime }).result;
  await container.release();
}

/** Recovers, and gives back what was adopted. */
async function recoverAll(provisioner: Provisioner): Promise<Recovery> {
  const recovery = await provisioner.recover();
  for await (const provisions of provisioner.provisions$) {
    for (const { result } of provisions) await (await result).container.release();
    break;
  }
  return recovery;
}

const saidOf = ({ runs }: Recovery): readonly string[] =>
  runs
    .filter(({ action }) => action !== 'leave')
    .map(
      ({ action, outcome, because, residue }) =>
        `${action}: ${outcome} (${because})${residue.length > 0 ? ` ${residue.length} left` : ''}`,
    );

function defectsOf(recovery: Recovery, gone: readonly string[], again: Recovery): readonly string[] {
  return [
    ...recovery.unreadable.map(({ message }) => message),
    ...recovery.runs
      .filter(({ outcome }) => outcome !== 'done')
      .map(({ because, outcome, error }) => `${because}: ${outcome} ${String(error ?? '')}`),
    ...gone.map((line) => `gone, and not ours: ${line}`),
    ...saidOf(again).map((said) => `recovered a second time: ${said}`),
  ];
}

/** The calls and lines of the create and the release of the case; 0 when the create fails by itself. */
export async function actsOf(one: Case, lifetime: Lifetime): Promise<number> {
  const scene = await Scene.of(one);
  const life = new Life();
  const created = scene.inProcess(ENGINE, life, (provisioner) =>
    createAndRelease(provisioner, one, lifetime).then(() => true),
  );
  return (await created.catch(() => false)) === true ? life.acts : 0;
}

/** The process dies at one act of the case, and another one recovers; `again`: that one dies first, and a third one does. */
export async function crashAt(one: Case, lifetime: Lifetime, wish: DeathWish, again?: DeathWish): Promise<CrashResult> {
  const scene = await Scene.of(one);
  const holdersBefore = await scene.holders();
  const life = new Life(wish);
  await inTime(scene.inProcess(ENGINE, life, (provisioner) => createAndRelease(provisioner, one, lifetime)));
  if (again !== undefined) await inTime(scene.inProcess('the first recovery', new Life(again), recoverAll));
  const nothing: Recovery = { runs: [], unreadable: [] };
  const recovery = (await inTime(scene.inProcess(RECOVERY, new Life(), recoverAll))) ?? nothing;
  const second = (await inTime(scene.inProcess('another recovery', new Life(), recoverAll))) ?? nothing;
  const { appeared, gone } = difference(scene.aliveBefore, scene.host.snapshot());
  const wasProvisioned = recovery.runs.some(({ run }) => run.wasProvisioned);
  const holders = await scene.holders();
  const holdersLeft =
    JSON.stringify(holders) === JSON.stringify(holdersBefore) ? [] : ['the VM has holders that it had not before'];
  return {
    name: one.name,
    lifetime,
    crash: { ...wish, in: life.last },
    recovered: saidOf(recovery),
    // The scratch of a container that was created is its caller's.
    leaked: [...appeared.filter((line) => !(wasProvisioned && line.startsWith('disk.scratchLayer '))), ...holdersLeft],
    defects: defectsOf(recovery, gone, second),
  };
}

/** A crash at every call and line, before and after it had its effect; none for a case whose create fails. */
export async function* crashEverywhere(one: Case): AsyncGenerator<CrashResult> {
  for (const lifetime of ['process', 'host'] as const) {
    const acts = await actsOf(one, lifetime);
    for (let n = 1; n <= acts; n += 1) {
      yield await crashAt(one, lifetime, { n, when: 'before' });
      yield await crashAt(one, lifetime, { n, when: 'after' });
    }
  }
}
