/** What must be so on a host whatever was asked for there. */
import { expect } from '@jest/globals';
import { isAlive, type LedgerEntry } from '../../src/index.ts';
import { difference } from '../../src/testing/index.ts';
import { unnamedOn } from '../../src/testing/owners.ts';
import { comparable, linesOf } from '../conformance/injections.ts';
import type { SlotId } from './commandRequests.ts';
import type { CommandWorld } from './commandWorld.ts';

const isTold = (entry: LedgerEntry): boolean =>
  isAlive(entry) || entry.state === 'handedOver' || entry.state === 'waived';

const isHandle = (line: string): boolean => line.startsWith('handle.');

/** The processes of a system, and the handles to them, are there as long as it is. */
const isOfProcess = (line: string): boolean => /^(handle\.)?process /.test(line);

const systemOf = (line: string): string => line.split(' ')[1]?.split('/')[0] ?? '';

function unowned(world: CommandWorld, entries: readonly LedgerEntry[]): readonly string[] {
  const systems = new Set(entries.flatMap(({ resource }) => (resource.kind === 'computeSystem' ? [resource.id] : [])));
  const lines = unnamedOn(world.host.snapshot(), world.before, entries);
  return lines.filter((line) => !(isOfProcess(line) && [...systems].some((id) => id === systemOf(line))));
}

/** Nothing lives on the host whose owner is not written down, at any moment. */
export async function expectNothingUnowned(world: CommandWorld): Promise<void> {
  const entries = (await world.runs()).flatMap(({ resources }) => resources).filter(isTold);
  const { gone } = difference(world.before, world.host.snapshot());
  expect({ unowned: unowned(world, entries), gone: gone.filter((line) => !isHandle(line)) }).toEqual({
    unowned: [],
    gone: [],
  });
}

/** Of what ledgers hold, what is not there. A system may have ended by itself; its run is told when it is looked at. */
async function missing(world: CommandWorld, held: readonly LedgerEntry[]): Promise<readonly string[]> {
  const lines = linesOf(
    held.filter(({ resource: { kind } }) => kind !== 'computeSystem' && kind !== 'credentialGuard'),
    await world.record(),
  );
  const { appeared } = difference(world.before, world.host.snapshot());
  return comparable(lines).filter((line) => !appeared.includes(line));
}

const twice = (lines: readonly string[]): readonly string[] =>
  lines.filter((line, index) => lines.indexOf(line) !== index);

/** Handles to processes that have exited are closed, and nobody has two to one system. */
function handlesAstray(world: CommandWorld): readonly string[] {
  if (world.host.pendingCalls > 0 || world.isServiceDown) return [];
  const snapshot = world.host.snapshot();
  const own = difference(world.before, snapshot).appeared.filter(isHandle);
  const isDead = (line: string): boolean =>
    line.startsWith('handle.process ') && !snapshot.includes(line.replace('handle.', ''));
  return [...own.filter(isDead), ...twice(own.filter((line) => line.startsWith('handle.computeSystem ')))];
}

/** What its caller was told is running is there. */
function notRunning(world: CommandWorld): readonly string[] {
  const snapshot = world.host.snapshot();
  return [...world.slots]
    .filter(([id, { container }]) => container?.life.status === 'running' && !snapshot.includes(`computeSystem ${id}`))
    .map(([id]) => id);
}

/** Whoever is said to be gone has left nothing but the scratch of its caller. */
function leftOfGone({ host }: CommandWorld, gone: readonly SlotId[]): readonly string[] {
  const words = (line: string) => line.split(/[\s\\/]+/);
  return host.snapshot().filter((line) => !line.startsWith('disk.') && gone.some((id) => words(line).includes(id)));
}

/**
 * At a rest.
 * @param gone those of which callers were told that nothing is left
 */
export async function expectHonest(world: CommandWorld, gone: readonly SlotId[]): Promise<void> {
  await expectNothingUnowned(world);
  const entries = (await world.runs()).flatMap(({ resources }) => resources);
  const held = entries.filter(({ state }) => state === 'held' || state === 'handedOver');
  expect({
    missing: await missing(world, held),
    handlesAstray: handlesAstray(world),
    notRunning: notRunning(world),
    leftOfGone: leftOfGone(world, gone),
    defects: world.defects,
  }).toEqual({ missing: [], handlesAstray: [], notRunning: [], leftOfGone: [], defects: [] });
}

/** Nothing is left but the scratches of those that had been there. */
export async function expectAllGone(world: CommandWorld): Promise<void> {
  await expectHonest(world, world.ids);
  const runs = await world.runs();
  expect(runs.flatMap(({ resources }) => resources.filter(isAlive))).toEqual([]);
  const { appeared } = difference(world.before, world.host.snapshot());
  expect({ appeared: appeared.filter((line) => !line.startsWith('disk.')), pending: world.host.pendingCalls }).toEqual({
    appeared: [],
    pending: 0,
  });
}
