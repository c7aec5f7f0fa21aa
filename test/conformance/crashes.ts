/** What is left when the process of a create dies, and another one recovers what it had begun: all in one process. */
import { type LedgerStore, memoryLedgerStore, memoryVmStore, type Provisioner } from '../../src/index.ts';
import { type SimulatedHost, simulatedHost, virtualClock } from '../../src/testing/index.ts';
import { type DeathWish, Life } from './mortal.ts';
import { inTime } from './runCase.ts';
import {
  attachedIn,
  type CrashResult,
  judge,
  mortalProvisioner,
  type Recovered,
  recoverAll,
  type Standing,
  wasProvisioned,
} from './scene.ts';
import type { CrashSubject, Lifetime } from './subjects.ts';

const ONLOOKER = 'the onlooker';
const NOTHING: Recovered = { runs: [], unreadable: [], defects: [] };

class Scene {
  readonly #clock = virtualClock({ autoAdvance: true });
  readonly #journal: LedgerStore;
  readonly #vms = memoryVmStore();
  readonly #host: SimulatedHost;
  readonly #subject: CrashSubject;
  readonly #ended = new Set<string>();
  #processes = 0;

  private constructor(subject: CrashSubject, journal: LedgerStore) {
    this.#subject = subject;
    this.#journal = journal;
    this.#host = simulatedHost({ ...subject.host, clock: this.#clock });
  }

  /** What was there before belongs to a process that lives on. */
  static async of(subject: CrashSubject, journal = memoryLedgerStore()): Promise<Scene> {
    const scene = new Scene(subject, journal);
    await subject.prepare({ ...scene.#optionsOf(ONLOOKER), host: scene.#host });
    return scene;
  }

  async standing(): Promise<Standing & { readonly wasProvisioned: boolean }> {
    return {
      alive: this.#host.snapshot(),
      attached: await attachedIn(this.#vms),
      wasProvisioned: await wasProvisioned(this.#journal, ONLOOKER),
    };
  }

  /** Does `work` in a process of its own until it is done, or the process dies; then its handles are closed. */
  async inProcess<T>(life: Life, work: (provisioner: Provisioner) => Promise<T>): Promise<T | undefined> {
    this.#processes += 1;
    const own = String(this.#processes);
    const process = this.#host.attach();
    const provisioner = await mortalProvisioner({ ...this.#optionsOf(own), host: process }, life);
    const done = await inTime(Promise.race([work(provisioner), life.died.then(() => undefined)]));
    life.die();
    process.end();
    this.#ended.add(own);
    return done;
  }

  recover(provisioner: Provisioner): Promise<Recovered> {
    const { defectsOf } = this.#subject;
    return recoverAll(provisioner, defectsOf && ((container) => defectsOf(container, this.#host)));
  }

  #optionsOf(own: string) {
    const processes = { own, hasEnded: (identity: string) => this.#ended.has(identity) };
    return { ...this.#subject.options, clock: this.#clock, journal: this.#journal, vms: this.#vms, processes };
  }
}

/** The calls and lines of the create and the release of the case; 0 when the create fails by itself. */
export async function actsOf(subject: CrashSubject, lifetime: Lifetime): Promise<number> {
  const scene = await Scene.of(subject);
  const life = new Life();
  const work = (provisioner: Provisioner) => subject.createAndRelease(provisioner, lifetime);
  return scene.inProcess(life, work).then(
    () => life.acts,
    () => 0,
  );
}

export interface Crash {
  readonly lifetime: Lifetime;
  readonly wish: DeathWish;
  /** Where the first one that recovers dies, if it is to. */
  readonly again?: DeathWish;
  /** Default: one in memory. */
  readonly journal?: LedgerStore;
}

/** The process dies at one act of the case, and another one recovers. */
export async function crashAt(subject: CrashSubject, { lifetime, wish, again, journal }: Crash): Promise<CrashResult> {
  const scene = await Scene.of(subject, journal);
  const before = await scene.standing();
  const life = new Life(wish);
  await scene.inProcess(life, (provisioner) => subject.createAndRelease(provisioner, lifetime));
  if (again !== undefined) await scene.inProcess(new Life(again), (next) => recoverAll(next));
  const recovery = (await scene.inProcess(new Life(), (next) => scene.recover(next))) ?? NOTHING;
  const second = (await scene.inProcess(new Life(), (next) => recoverAll(next))) ?? NOTHING;
  const judged = judge(subject, before, await scene.standing(), recovery, second);
  return { name: subject.name, lifetime, crash: { ...wish, in: life.last }, ...judged };
}

/** A crash at every call and line, before and after it had its effect; none for a case whose create fails. */
export async function* crashEverywhere(subject: CrashSubject): AsyncGenerator<CrashResult> {
  for (const lifetime of ['process', 'host'] as const) {
    const acts = await actsOf(subject, lifetime);
    for (let n = 1; n <= acts; n += 1) {
      yield await crashAt(subject, { lifetime, wish: { n, when: 'before' } });
      yield await crashAt(subject, { lifetime, wish: { n, when: 'after' } });
    }
  }
}
