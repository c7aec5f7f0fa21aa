/** A storm: calls fail, pods come and go, and the orchestrator is killed, over and over. Then it is calm, and everything is counted. */
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createProvisioner, isOpen, memoryLedgerStore } from 'slipway';
import { expectNothingLeft, type FaultMoment, type SimulatedHost, SomethingLeft } from 'slipway/testing';
import type { PodState } from '../../../../examples/orchestrator/pods/pod.ts';
import { removeFolder } from '../../../support/removeFolder.ts';
import { hostIn, journalIn } from './ground.ts';
import { eventually, RunningOrchestrator } from './running.ts';

export interface StormOptions {
  readonly seed: number;
  readonly kills: number;
  readonly pods: number;
  readonly log?: (line: string) => void;
}

export interface StormResult {
  readonly seed: number;
  readonly kills: number;
  readonly podsAdded: number;
  readonly podsDeleted: number;
  readonly calls: number;
  readonly faults: Readonly<Record<FaultMoment, number>>;
  readonly runs: number;
  readonly provisioned: number;
  readonly cancelled: number;
  readonly takenUp: number;
  /** How many pods are where at the end, and why. */
  readonly ends: Readonly<Record<string, number>>;
  /** Pods that neither run nor say why not. */
  readonly silent: readonly string[];
  /** On the host, and of no pod that is wanted. */
  readonly leaks: readonly string[];
  /** What belongs to somebody else, and is not as it was. */
  readonly touched: readonly string[];
}

type Wish =
  | { readonly kind: 'add'; readonly command: string; readonly restart: string }
  | { readonly kind: 'delete'; readonly which: number };

const wish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), which: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      command: fc.constantFrom('serve', 'serve', 'job', 'crash'),
      restart: fc.constantFrom('always', 'onFailure', 'never'),
    }),
  },
);

const STRANGER = 'stranger';

const specOf = (command: string, scratch: string) => ({
  root: { path: '' },
  process: { args: [`${command}.exe`], cwd: 'C:\\' },
  windows: { layerFolders: ['C:\\layers\\base', `C:\\scratch\\${scratch}`], network: {} },
});

/** A container that is nothing to the orchestrator, and has the id of one of its pods. */
async function strangerOn(host: SimulatedHost): Promise<void> {
  const provisioner = await createProvisioner({ host, journal: memoryLedgerStore() });
  const spec = specOf('serve', 'of-somebody-else');
  const { container } = await provisioner.create({ id: STRANGER, spec, lifetime: 'host' }).result;
  await container.start();
}

const isAtRest = ({ phase }: PodState): boolean => phase === 'running' || phase === 'exited' || phase === 'failed';

/** Runs, has ended as it was to, or says what is in the way. */
const isAccountedFor = ({ phase, why, exit }: PodState): boolean =>
  phase === 'running' ||
  (phase === 'exited' && exit !== undefined) ||
  why !== undefined ||
  (phase === 'backingOff' && exit !== undefined);

class Storm {
  readonly #options: StormOptions;
  readonly #folder: string;
  readonly #wanted = new Set<string>();
  readonly #faults: Record<FaultMoment, number> = { before: 0, after: 0, never: 0, neverAfterEffect: 0 };
  #running: RunningOrchestrator | undefined;
  #calls = 0;
  #added = 0;
  #deleted = 0;

  constructor(options: StormOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
  }

  async run(): Promise<StormResult> {
    const host = hostIn(this.#folder);
    await strangerOn(host);
    const before = host.snapshot();
    for (let round = 0; round < this.#options.kills; round += 1) await this.#round(round);
    const { seed } = this.#options;
    const running = await this.#start(seed, 'calm');
    const { pods, silent } = await this.#settled(running);
    const leaks = await this.#unowned(host, before);
    await this.#deleteAll(running);
    const { left, touched } = await this.#afterAll(host, before);
    this.#note(running);
    await running.kill();
    return { ...(await this.#counted(pods)), silent, leaks: [...leaks, ...left], touched };
  }

  /** Nothing of it goes on, however it came to its end. */
  async end(): Promise<void> {
    await this.#running?.kill();
  }

  async #start(seed: number, weather: 'storm' | 'calm'): Promise<RunningOrchestrator> {
    this.#running = await RunningOrchestrator.start(this.#folder, seed, weather);
    return this.#running;
  }

  /** One life of the orchestrator. */
  async #round(round: number): Promise<void> {
    const { seed, kills, pods, log = () => {} } = this.#options;
    const [patience = 0] = fc.sample(fc.integer({ min: 1, max: 60 }), { seed: seed + round, numRuns: 1 });
    const wishes = fc.sample(wish, { seed: seed + round, numRuns: Math.ceil((pods * 1.5) / kills) });
    const running = await this.#start(seed + round, 'storm');
    if (round === 0) await this.#post(running, STRANGER, 'serve', 'always');
    for (const one of wishes) await this.#fulfil(running, one);
    const enough = running.events + patience;
    await eventually(
      async () => running.events >= enough || (await running.pods()).every(isAtRest) || undefined,
      `round ${round}: ${enough} events`,
    );
    this.#note(running);
    await running.kill();
    log(`killed ${round + 1}: ${running.said.calls} calls, ${running.events} states told`);
  }

  async #fulfil(running: RunningOrchestrator, one: Wish): Promise<void> {
    if (one.kind === 'add') {
      this.#added += 1;
      await this.#post(running, `pod-${this.#added}`, one.command, one.restart);
      return;
    }
    const ids = [...this.#wanted].filter((id) => id !== STRANGER);
    const id = ids[one.which % Math.max(1, ids.length)];
    if (id === undefined) return;
    this.#deleted += 1;
    await this.#delete(running, id);
  }

  async #post(running: RunningOrchestrator, id: string, command: string, restart: string): Promise<void> {
    const { status, body } = await running.askWhenReady('POST', '/pods', { id, restart, spec: specOf(command, id) });
    if (status !== 201) throw new Error(`${id} is not taken on: ${status} ${JSON.stringify(body)}`);
    this.#wanted.add(id);
  }

  async #delete(running: RunningOrchestrator, id: string): Promise<void> {
    const { status, body } = await running.askWhenReady('DELETE', `/pods/${id}`);
    if (status !== 202) throw new Error(`${id} is not deleted: ${status} ${JSON.stringify(body)}`);
    this.#wanted.delete(id);
  }

  /** Every pod that is wanted has come to something, and those that are not are gone; gives the states that were seen. */
  async #settled(running: RunningOrchestrator) {
    const seen = new Map<string, PodState>();
    const look = async () => {
      const pods = await running.pods();
      for (const pod of pods.filter(({ phase }) => phase !== 'recovering').filter(isAccountedFor))
        seen.set(pod.id, pod);
      const areGone = pods.every(({ id }) => this.#wanted.has(id));
      return (areGone && [...this.#wanted].every((id) => seen.has(id))) || undefined;
    };
    // Who has not come to anything is counted as silent.
    await eventually(look, 'every pod has come to something').catch(() => {});
    const silent = [...this.#wanted].filter((id) => !seen.has(id));
    return { pods: [...seen.values()], silent };
  }

  /** What is on the host that neither was there before nor belongs to a pod that is wanted, for as long as it takes. */
  async #unowned(host: SimulatedHost, before: readonly string[]): Promise<readonly string[]> {
    const provisioner = await createProvisioner({ host, journal: journalIn(this.#folder) });
    const isOfPod = (line: string) =>
      /^process ([^/]+)\//.exec(line)?.[1] ?? /^handle\.process ([^/]+)\//.exec(line)?.[1] ?? '';
    let last: readonly string[] = [];
    const look = async () => {
      const except = [...this.#scratches()];
      const error = await expectNothingLeft(host, { provisioner, before, except }).catch((thrown: unknown) => thrown);
      if (error === undefined) return true;
      if (!(error instanceof SomethingLeft)) throw error;
      const strange = error.leftOvers.filter(
        ({ line, by }) => !this.#wanted.has(by?.run.containerId ?? '') && !this.#wanted.has(isOfPod(line)),
      );
      last = [...strange.map(({ line }) => line), ...error.gone];
      return last.length === 0 || undefined;
    };
    await eventually(look, 'nothing is there that nobody wants', 20_000).catch(() => {});
    return last;
  }

  async #deleteAll(running: RunningOrchestrator): Promise<void> {
    for (const id of [...this.#wanted]) await this.#delete(running, id);
    await eventually(async () => (await running.pods()).length === 0 || undefined, 'all pods are gone').catch(() => {});
  }

  async #afterAll(host: SimulatedHost, before: readonly string[]) {
    const error = await expectNothingLeft(host, { before, except: [...this.#scratches()] }).catch(
      (thrown: unknown) => thrown,
    );
    const { runs } = await (await createProvisioner({ host, journal: journalIn(this.#folder) })).runs();
    const open = runs.filter(isOpen).map(({ containerId, status }) => `run of ${containerId}: ${status}`);
    const files = readdirSync(join(this.#folder, 'pods')).map((file) => `file ${file}`);
    if (error !== undefined && !(error instanceof SomethingLeft)) throw error;
    const left = [...(error?.leftOvers ?? []).map(({ line }) => line), ...open, ...files];
    return { left, touched: error?.gone ?? [] };
  }

  /** Scratches, and the folders that they lie in, are their caller's. */
  *#scratches(): Iterable<RegExp> {
    yield /^disk\.(scratchLayer|folder) C:\\scratch(\\(pod-\d+|stranger))?$/;
  }

  #note({ said: { calls, faults } }: RunningOrchestrator): void {
    this.#calls += calls;
    for (const [when, count] of Object.entries(faults)) this.#faults[when as FaultMoment] += count;
  }

  async #counted(pods: readonly PodState[]) {
    const { seed, kills } = this.#options;
    const journal = journalIn(this.#folder);
    const { runs } = await (await createProvisioner({ host: hostIn(this.#folder), journal })).runs();
    const records = (await Promise.all(runs.map(({ provisionId }) => journal.read(provisionId)))).flat();
    const ends: Record<string, number> = {};
    for (const { phase, why } of pods) {
      const end = phase === 'running' ? phase : `${phase}${why === undefined ? '' : ` (${why.code})`}`;
      ends[end] = (ends[end] ?? 0) + 1;
    }
    return {
      ...{ seed, kills, podsAdded: this.#added + 1, podsDeleted: this.#deleted, ends },
      ...{ calls: this.#calls, faults: this.#faults, runs: runs.length },
      provisioned: runs.filter(({ wasProvisioned }) => wasProvisioned).length,
      cancelled: runs.filter(({ fault }) => fault?.code === 'cancelled').length,
      takenUp: records.filter(({ type }) => type === 'run.takenUp').length,
    };
  }
}

export async function storm(options: StormOptions): Promise<StormResult> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-storm-'));
  const one = new Storm(options, folder);
  try {
    return await one.run();
  } finally {
    await one.end();
    await removeFolder(folder);
  }
}
