import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { expectAllGone } from '../support/commandClaims.ts';
import { GROUNDS, type Ground } from '../support/commandRequests.ts';
import { COMMANDS, type CommandModel } from '../support/commands.ts';
import { CommandWorld } from '../support/commandWorld.ts';
import { fc } from '../support/property.ts';

const RUNS = Number(process.env.SLIPWAY_RUNS ?? 60);

const { setInterval: everySoOften } = globalThis;

/** Whoever waits in a process that has died keeps nobody alive. */
const ofNobody: typeof everySoOften = Object.assign(
  (...args: Parameters<typeof everySoOften>) => everySoOften(...args).unref(),
  everySoOften,
);

beforeAll(() => {
  globalThis.setInterval = ofNobody;
});

/** What was there, so that a test can tell that all of it was. */
const seen = new Map<string, number>();
const EXPECTED = ['provisioned', 'failed', 'held', 'needsHands', 'hung', 'running', 'stopped', 'deleted'];

function note(world: CommandWorld): void {
  for (const [what, times] of world.seen) seen.set(what, (seen.get(what) ?? 0) + times);
}

/** Everything answers, the service is there, and all is given back. */
async function giveAllBack(world: CommandWorld): Promise<void> {
  for (let round = 0; round < 6; round += 1) {
    world.host.answerPending();
    expect(await world.rest()).toEqual([]);
    await world.takeUpAll();
    for (const [id, { known, provision, ...slot }] of world.slots) {
      world.go(`cancel ${id}`, provision.cancel('the end'));
      await world.rest();
      await known;
      const handle = world.slots.get(id)?.container ?? world.slots.get(id)?.held ?? slot.container;
      if (handle !== undefined) world.go(`release ${id}`, handle.release());
    }
    await world.rest();
    if (world.host.pendingCalls === 0 && (await world.runs()).every(({ status }) => isOver(status))) return;
    world.slots.clear();
  }
}

const isOver = (status: string): boolean => status === 'failed' || status === 'released' || status === 'exited';

async function play(ground: Ground, seed: number, commands: Iterable<fc.AsyncCommand<CommandModel, CommandWorld>>) {
  const world = await CommandWorld.of(ground, seed);
  const model: CommandModel = new Map(world.ids.map((id) => [id, 'nothing']));
  try {
    await fc.asyncModelRun(() => ({ model, real: world }), commands);
    note(world);
    await giveAllBack(world);
    await expectAllGone(world);
  } finally {
    await world.end();
  }
}

test('whatever is asked for in whatever order, what is told is so, all of it comes to an end, and nothing is left', async () => {
  const seed = fc.integer({ min: 1, max: 2 ** 31 - 2 });
  const commands = fc.commands([...COMMANDS], { maxCommands: 40, size: 'max' });
  await fc.assert(fc.asyncProperty(fc.constantFrom(...GROUNDS), seed, commands, play), { numRuns: RUNS });
}, 600_000);

test('everything was there that can happen', () => {
  expect(EXPECTED.filter((what) => !seen.has(what))).toEqual([]);
});

afterAll(() => {
  globalThis.setInterval = everySoOften;
  const told = [...seen].map(([what, times]) => `${times} ${what}`);
  process.stdout.write(`commands: ${told.join(', ')}\n`);
});
