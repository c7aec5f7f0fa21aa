/** What must be so on a host at every rest, whatever has happened there. */
import { expect } from '@jest/globals';
import { isAlive, type LedgerEntry } from '../../src/index.ts';
import type { RunSummary } from '../../src/journal/runSummary.ts';
import { difference } from '../../src/testing/index.ts';
import type { VmRecord } from '../../src/vm/claims.ts';
import { comparable, isToldBy, linesOf } from '../conformance/injections.ts';
import { linesHeldBy } from '../conformance/vmWords.ts';
import type { World } from './scheduleWorld.ts';

/** How the host and its VM stood before anything was created. */
export interface Standing {
  readonly alive: readonly string[];
  readonly attached: string;
}

/** Without the numbers that only grow. */
function attachedIn({ attachments, unsettled }: VmRecord): string {
  const grows = new Set(['numbersGiven', 'namesGiven']);
  return JSON.stringify({ attachments, unsettled }, (key, value: unknown) => (grows.has(key) ? undefined : value));
}

export const standingOf = async (world: World): Promise<Standing> => ({
  alive: world.host.snapshot(),
  attached: attachedIn(await world.record()),
});

const isOfCaller = ({ state }: LedgerEntry): boolean => state === 'handedOver';

/** What a call that hangs acquires or releases may be there, or not. */
function mayBe({ state }: LedgerEntry, hangs: boolean): boolean {
  return state === 'intended' || (state === 'residue' && hangs);
}

/** A system that ended with the process that made it, where what its create has left is held beyond that. */
function wentWithProcess({ resource: { kind } }: LedgerEntry, { request, provisionId }: RunSummary, world: World) {
  const endsWithProcess = kind === 'computeSystem' && 'lifetime' in request && request.lifetime === 'process';
  return endsWithProcess && world.orphaned.has(provisionId);
}

/** Everybody who is named as a holder in what the VM has attached, besides the VM itself. */
function holdersIn({ attachments }: VmRecord): ReadonlySet<string> {
  return new Set(JSON.stringify(attachments).match(/[0-9a-f-]{36}\/\d+/g) ?? []);
}

function twice(lines: readonly string[]): readonly string[] {
  return lines.filter((line, index) => lines.indexOf(line) !== index);
}

const isNamed = (entry: LedgerEntry): boolean => isAlive(entry) || isOfCaller(entry);

/** Of all that is on the host and was not before, what no ledger names; and what they name and is not there. */
function compare(world: World, { alive: before }: Standing, runs: readonly RunSummary[], record: VmRecord) {
  const named = runs.flatMap(({ resources }) => resources).filter(isNamed);
  const hangs = world.host.pendingCalls > 0;
  const sure = runs.flatMap((run) =>
    run.resources.filter((entry) => isNamed(entry) && !mayBe(entry, hangs) && !wentWithProcess(entry, run, world)),
  );
  const { appeared, gone } = difference(before, world.host.snapshot());
  const said = linesOf(named, record);
  return {
    gone,
    unnamed: appeared.filter((line) => !said.includes(line) && !isToldBy(line, named)),
    missing: comparable(linesOf(sure, record)).filter((line) => !appeared.includes(line)),
  };
}

/** What is wrong in the record of the VM. */
function faultsOf(record: VmRecord, runs: readonly RunSummary[]) {
  const entries = new Map(runs.flatMap(({ resources }) => resources).map((entry) => [entry.id as string, entry]));
  const holders = holdersIn(record);
  const isIn = ({ resource }: LedgerEntry) => resource.kind === 'vmAttachment' || resource.kind === 'vmAccess';
  const stateOf = (id: string) => entries.get(id)?.state ?? 'unknown';
  return {
    unsettled: record.unsettled.filter((id) => !['intended', 'residue'].includes(stateOf(id))),
    strangers: [...holders].filter((id) => !['intended', 'residue', 'held'].includes(stateOf(id))),
    unplaced: [...entries.values()].filter((entry) => isIn(entry) && entry.state === 'held' && !holders.has(entry.id)),
    // A file of a share is held once for each who needs it.
    twice: twice(linesHeldBy(record, holders).filter((line) => !line.startsWith('vsmbAllowedFile '))),
  };
}

/**
 * Nobody has a handle but who drives the run of its system, and that one has one at the most: besides that with which
 * it ends the system, while that hangs.
 */
function handlesAstray(world: World, { alive }: Standing, snapshot: readonly string[]): readonly string[] {
  const handles = difference(alive, snapshot).appeared.filter((line) => line.startsWith('handle.'));
  const driven = world.allDriven().map(({ provision }) => `handle.computeSystem ${provision.containerId}`);
  const tooMany = world.host.pendingCalls > 0 ? [] : twice(handles);
  return [...handles.filter((line) => !driven.includes(line)), ...tooMany];
}

/** What lives on the host, and did not before, is what the ledgers say, all together. */
export async function expectHonest(world: World, before: Standing): Promise<void> {
  const [runs, record, snapshot] = [await world.runs(), await world.record(), world.host.snapshot()];
  expect({
    ...compare(world, before, runs, record),
    ...faultsOf(record, runs),
    handlesAstray: handlesAstray(world, before, snapshot),
    slotsTakenTwice: twice(snapshot.filter((line) => !line.startsWith('handle.'))),
  }).toEqual({
    gone: [],
    unnamed: [],
    missing: [],
    unsettled: [],
    strangers: [],
    unplaced: [],
    twice: [],
    handlesAstray: [],
    slotsTakenTwice: [],
  });
}

/** Nothing is left but the scratches of those that had been there. */
export async function expectNothingLeft(world: World, before: Standing): Promise<void> {
  await expectHonest(world, before);
  const runs = await world.runs();
  expect(runs.flatMap(({ resources }) => resources.filter(isAlive))).toEqual([]);
  expect(attachedIn(await world.record())).toBe(before.attached);
  expect([world.host.pendingCalls, world.allDriven().length]).toEqual([0, 0]);
}
