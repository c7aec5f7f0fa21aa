import { afterAll, expect, test } from '@jest/globals';
import { type Provision, ProvisionFault, type ReleaseHandle } from '../../src/index.ts';
import { isOpen } from '../../src/journal/runSummary.ts';
import { fc } from '../support/property.ts';
import { type Act, type Round, requestOf, type Schedule, schedule } from '../support/schedule.ts';
import { expectHonest, expectNothingLeft, type Standing, standingOf } from '../support/scheduleClaims.ts';
import { type Driven, takeUp, World } from '../support/scheduleWorld.ts';

const RUNS = Number(process.env.SLIPWAY_RUNS ?? 80);

/** What was there, so that a test can tell that all of it was. */
const seen = {
  run: 0,
  created: 0,
  failed: 0,
  cancelled: 0,
  held: 0,
  released: 0,
  residue: 0,
  crashed: 0,
  recovered: 0,
  adopted: 0,
  hung: 0,
  'late answers': 0,
};

/** What is given back of a create, whatever became of it. */
async function handleOf(provision: Provision): Promise<ReleaseHandle | undefined> {
  try {
    return (await provision.result).container;
  } catch (error) {
    if (error instanceof ProvisionFault) return error.held;
    throw error;
  }
}

class Playing {
  readonly #world: World;
  readonly #before: Standing;
  readonly #guest: Schedule['guest'];

  constructor(world: World, before: Standing, guest: Schedule['guest']) {
    this.#world = world;
    this.#before = before;
    this.#guest = guest;
  }

  async round({ acts, faults, death, answersAfter, answersAtEnd }: Round): Promise<void> {
    const world = this.#world;
    const disarm = faults.map((one) => world.host.inject(one));
    world.expectDeath(death);
    for (const ms of answersAfter) void world.pause(ms).then(() => world.answer());
    for (const act of acts) world.go(this.#act(act));
    await world.rest();
    world.expectDeath(undefined);
    for (const take of disarm) take();
    seen.hung += world.host.pendingCalls;
    await expectHonest(world, this.#before);
    if (answersAtEnd) await this.#answer();
  }

  async #answer(): Promise<void> {
    this.#world.answer();
    await this.#world.rest();
    await expectHonest(this.#world, this.#before);
  }

  async #act(act: Act): Promise<void> {
    await this.#world.pause(act.after);
    const there = this.#world.driven(act.id) ?? (await this.#left(act));
    if (there === undefined) await this.#create(act);
    else if (there !== 'taken' && !act.stays) await this.#release(there);
  }

  /** What a process has left of the id that is gone. */
  async #left({ id, place }: Act): Promise<Driven | 'taken' | undefined> {
    const left = (await this.#world.runs()).find((run) => run.containerId === id && isOpen(run));
    if (left === undefined) return undefined;
    const by = this.#world.at(place);
    const provision = await Promise.race([takeUp(by, left.provisionId), by.life.died]);
    return provision === undefined ? 'taken' : { by, provision };
  }

  async #create(act: Act): Promise<void> {
    const { provisioner, life } = this.#world.at(act.place);
    if (life.isOver) return;
    const provision = provisioner.create(requestOf(this.#guest, act));
    const { cancelAfter } = act;
    if (cancelAfter !== undefined) void this.#world.pause(cancelAfter).then(() => provision.cancel('by chance'));
    await Promise.race([this.#created(provision), life.died]);
  }

  async #created(provision: Provision): Promise<void> {
    try {
      await provision.result;
      seen.created += 1;
    } catch (error) {
      if (!(error instanceof ProvisionFault)) throw error;
      expect(error.code).not.toBe('internal-error');
      seen[error.code === 'cancelled' ? 'cancelled' : 'failed'] += 1;
      if (provision.state.status === 'held') seen.held += 1;
    }
  }

  async #release({ by, provision }: Driven): Promise<void> {
    const report = await Promise.race([handleOf(provision).then((handle) => handle?.release()), by.life.died]);
    if (report === undefined) return;
    seen[report.residue.length === 0 ? 'released' : 'residue'] += 1;
  }

  /** Everything answers, everything is recovered and given back. */
  async end(): Promise<void> {
    const world = this.#world;
    for (let turns = 0; turns < 6; turns += 1) {
      await this.#answer();
      await world.recover();
      for (const driven of world.allDriven()) world.go(this.#release(driven));
      for (const run of (await world.runs()).filter(isOpen)) {
        if (world.driven(run.containerId as Act['id']) === undefined) void (await takeUp(world.at(0), run.provisionId));
      }
      await world.rest();
      if (!(await world.runs()).some(isOpen)) break;
    }
    await expectNothingLeft(world, this.#before);
  }

  /** The host is as good as before: what is created then is there. */
  async again(): Promise<void> {
    const { provisioner } = this.#world.at(0);
    const act: Act = {
      id: 'lone-1',
      place: 0,
      after: 0,
      stays: false,
      mounts: ['disk', 'folder', 'fileA'],
      lifetime: 'process',
      keepOnFailure: false,
      cancelAfter: undefined,
    };
    for (const id of ['lone-1', 'one'] as const) {
      const { container } = await provisioner.create(requestOf(this.#guest, { ...act, id })).result;
      await expectHonest(this.#world, this.#before);
      expect((await container.release()).residue).toEqual([]);
    }
    await expectNothingLeft(this.#world, this.#before);
  }
}

function note({ crashes, lateAnswers, recoveries }: World): void {
  const done = recoveries.flatMap(({ runs }) => runs).filter(({ action }) => action !== 'leave');
  expect(done.filter(({ outcome }) => outcome === 'failed').map(({ error }) => error)).toEqual([]);
  seen.run += 1;
  seen.crashed += crashes;
  seen['late answers'] += lateAnswers;
  seen.recovered += done.filter(({ outcome, action }) => outcome === 'done' && action !== 'keep').length;
  seen.adopted += done.filter(({ action }) => action === 'adopt').length;
}

async function play(one: Schedule): Promise<void> {
  const world = await World.of(one);
  const before = await standingOf(world);
  const playing = new Playing(world, before, one.guest);
  for (const round of one.rounds) await playing.round(round);
  await playing.end();
  await playing.again();
  await world.end();
  await expectNothingLeft(world, before);
  note(world);
}

test('whatever happens to whom and when, what lives on the host is what the ledgers say', async () => {
  await fc.assert(fc.asyncProperty(schedule, play), { numRuns: RUNS, endOnFailure: true });
}, 600_000);

test('everything was there that can happen', () => {
  expect(Object.entries(seen).filter(([, times]) => times === 0)).toEqual([]);
});

afterAll(() => {
  const told = Object.entries(seen).map(([what, times]) => `${times} ${what}`);
  process.stdout.write(`schedules: ${told.join(', ')}\n`);
});
