/** What a call that answers too late, or never, leaves behind. */

import { vmId } from '../../src/domain/ids.ts';
import { isStep } from '../../src/domain/step.ts';
import {
  DEFAULT_DEADLINES,
  DEFAULT_PATIENCE,
  isAlive,
  type LedgerEntry,
  type Provision,
  ProvisionFault,
  type ReleaseHandle,
} from '../../src/index.ts';
import { difference, type FaultMoment } from '../../src/testing/index.ts';
import type { VmRecord } from '../../src/vm/claims.ts';
import type { Case } from './case.ts';
import { HangWatch, quiet } from './hangWatch.ts';
import { comparable, type InjectionResult, isToldBy, linesOf, type When } from './injections.ts';
import { inTime, type OpenCase, openCase, runCase } from './runCase.ts';

interface Variant {
  readonly when: When;
  readonly fault: FaultMoment;
  /** It answers while the rest is undone, without anybody's doing. */
  readonly late?: true;
  /** The create is cancelled while the call hangs. */
  readonly cancelled?: true;
}

const OF_RELEASES: readonly Variant[] = [
  { when: 'never', fault: 'never' },
  { when: 'neverAfterEffect', fault: 'neverAfterEffect' },
  { when: 'late', fault: 'never', late: true },
  { when: 'lateAfterEffect', fault: 'neverAfterEffect', late: true },
];
const OF_CREATES: readonly Variant[] = [
  ...OF_RELEASES,
  { when: 'lateAfterCancel', fault: 'never', late: true, cancelled: true },
];

/** Calls take time where one is to answer in the middle of others: of one of the six that follow its deadline. */
const LATENCY_MS = 1000;
const lateMsOf = (n: number): number => LATENCY_MS / 2 + LATENCY_MS * (n % 6);

const latencyOf = ({ late }: Variant): number => (late === true ? LATENCY_MS : 0);

/** A case with one call that hangs, and what is found out. */
interface Hanging {
  readonly one: Case;
  readonly variant: Variant;
  readonly open: OpenCase;
  readonly provision: Provision;
  readonly watch: HangWatch;
  readonly aliveBefore: readonly string[];
  readonly defects: string[];
}

const vmOf = async ({ one, open }: Hanging): Promise<VmRecord | undefined> =>
  one.request.uvm ? open.vms.read(vmId(one.request.uvm.id)) : undefined;

/** All that is on the host is named, and all that is named is there, but for what the call that hangs is about. */
async function expectNamed(hanging: Hanging, entries: readonly LedgerEntry[]): Promise<void> {
  const { open, aliveBefore, watch, defects } = hanging;
  const named = entries.filter(isAlive);
  const vm = await vmOf(hanging);
  const ofCaller = linesOf(
    entries.filter(({ state }) => state === 'handedOver'),
    vm,
  );
  const { appeared } = difference([...aliveBefore, ...ofCaller], open.host.snapshot());
  const said = linesOf(named, vm);
  for (const line of difference(said, appeared).appeared) {
    if (!isToldBy(line, named)) defects.push(`on the host and not named: ${line}`);
  }
  const hung = linesOf(
    named.filter(({ id }) => watch.mayBe.has(id)),
    vm,
  );
  const sure = comparable(difference(hung, said).appeared);
  for (const line of difference(appeared, sure).appeared) defects.push(`named and not on the host: ${line}`);
}

/** Only what is left beside it can have used up the deadline of its release: all other calls answer at once. */
function expectDeadlines(
  { watch, provision, defects }: Hanging,
  left: readonly LedgerEntry[],
  elapsedMs: number,
): void {
  const { hung, mayBe } = watch;
  if (hung === undefined) return;
  const { releaseDeadlineMs } = DEFAULT_PATIENCE;
  const earliest = isStep(hung.phase) ? DEFAULT_DEADLINES[hung.phase] : releaseDeadlineMs;
  const latest = earliest + left.filter(({ id }) => !mayBe.has(id)).length * releaseDeadlineMs;
  if (elapsedMs >= earliest && elapsedMs <= latest) return;
  defects.push(`${provision.state.path} after ${elapsedMs} ms, which is not between ${earliest} and ${latest}`);
}

function expectFault({ watch: { hung }, variant, defects }: Hanging, fault: ProvisionFault): void {
  const code = variant.cancelled === true ? 'cancelled' : 'deadline-exceeded';
  if (fault.code !== code) defects.push(`${fault.code} and not ${code}: ${fault.message}`);
  if (fault.step !== hung?.phase) defects.push(`said to be of ${fault.step}, and not of ${hung?.phase}`);
  if (variant.cancelled === true) return;
  const isNamed = fault.message.includes(`${hung?.call} (`) && fault.message.endsWith('has not answered');
  if (!isNamed) defects.push(`the call is not named: ${fault.message}`);
}

function expectStatus({ provision, defects }: Hanging, ...expected: readonly string[]): void {
  const { status, path } = provision.state;
  if (!expected.includes(status)) defects.push(`${status} (${path}), and not ${expected.join(' or ')}`);
}

/** Lets everything answer that has not done so by itself, and waits until nothing moves any more. */
async function letAnswer({ open, provision, variant, defects }: Hanging): Promise<void> {
  if (variant.late !== true) open.host.answerPending();
  if (!(await quiet(open, provision))) defects.push('it does not come to rest');
  const { pendingCalls } = open.host;
  if (pendingCalls > 0) defects.push(`${pendingCalls} calls have not answered`);
}

/** The VM must not keep a place for a run that is gone. */
async function expectNoPlaces(hanging: Hanging): Promise<void> {
  const vm = await vmOf(hanging);
  if (vm === undefined) return;
  const { id } = hanging.provision;
  if (JSON.stringify(vm).includes(`"${id}/`)) hanging.defects.push('the VM keeps a place for it');
}

async function resultOf(hanging: Hanging, n: number, ok: boolean, said: readonly LedgerEntry[]) {
  const { one, variant, open, watch, aliveBefore, defects } = hanging;
  await expectNoPlaces(hanging);
  const aliveAfter = open.host.snapshot();
  const { appeared, gone } = difference(aliveBefore, aliveAfter);
  const leaked = appeared.filter((line) => !(ok && line.startsWith('disk.scratchLayer ')));
  defects.push(...gone.map((line) => `gone, and not ours: ${line}`));
  const injection = { n, when: variant.when, call: watch.hung?.call ?? 'none' };
  const held = said.filter(isAlive).map(({ resource }) => JSON.stringify(resource));
  const clean = leaked.length === 0 && defects.length === 0;
  const { name } = one;
  return { name, injection, ok, aliveBefore, aliveAfter, held, residue: held, clean, leaked, defects };
}

async function faultOf({ provision }: Hanging): Promise<ProvisionFault | undefined> {
  try {
    await inTime(provision.result);
    return undefined;
  } catch (error) {
    if (error instanceof ProvisionFault) return error;
    throw error;
  }
}

/** What is to be so when the create has come to rest, and the call has not answered. */
async function expectUnanswered(hanging: Hanging, fault: ProvisionFault): Promise<void> {
  const { provision, defects, open } = hanging;
  const left = fault.resources.filter(isAlive);
  expectDeadlines(hanging, left, provision.state.elapsedMs);
  expectFault(hanging, fault);
  expectStatus(hanging, 'needsHands', 'held');
  if (open.host.pendingCalls !== 1) defects.push(`${open.host.pendingCalls} calls have not answered, and not 1`);
  await expectNamed(hanging, fault.resources);
}

/** What the caller keeps is given back by hand. */
async function giveBack(hanging: Hanging, handle: ReleaseHandle | undefined): Promise<void> {
  const { provision, watch, open } = hanging;
  if (handle === undefined || provision.state.status !== 'held') return;
  await expectNamed(hanging, watch.entries);
  await inTime(handle.release());
  await quiet(open, provision);
  if (open.host.pendingCalls === 0) return;
  expectStatus(hanging, 'needsHands');
  await expectNamed(hanging, watch.entries);
}

async function begin(one: Case, variant: Variant, n: number): Promise<Hanging> {
  const open = await openCase(one, latencyOf(variant));
  const { host, clock } = open;
  const aliveBefore = host.snapshot();
  const last = host.calls.length + n - 1;
  host.inject({ nth: n, when: variant.fault });
  const provision = open.create();
  const watch = new HangWatch(provision, {
    isNext: () => host.calls.length === last,
    onHang: () => {
      if (variant.cancelled === true) void provision.cancel('it takes too long');
    },
    onGivenUp: () => {
      if (variant.late === true) clock.setTimeout(() => host.answerPending(), lateMsOf(n));
    },
  });
  return { one, variant, open, provision, watch, aliveBefore, defects: [] };
}

/** Runs the case with the n-th call of its create hanging, and answering when the run has come to rest, or before. */
async function hangInCreate(one: Case, variant: Variant, n: number): Promise<InjectionResult> {
  const hanging = await begin(one, variant, n);
  const fault = await faultOf(hanging);
  if (fault === undefined) return answeredNo(hanging, n);
  if (variant.late !== true) {
    await expectUnanswered(hanging, fault);
    await giveBack(hanging, fault.held);
  }
  await letAnswer(hanging);
  // Whoever has asked once for all that is kept need not ask again for what comes late.
  if (variant.late === true) await giveBack(hanging, fault.held);
  expectStatus(hanging, 'failed');
  return resultOf(hanging, n, false, fault.resources);
}

/** A call that has its effect first and finds that it cannot be done says so at once: then the create goes on. */
async function answeredNo(hanging: Hanging, n: number): Promise<InjectionResult> {
  if (hanging.variant.fault === 'never') hanging.defects.push('the create did not wait for the call');
  const { container, resources } = await hanging.provision.result;
  await inTime(container.release());
  return resultOf(hanging, n, true, resources);
}

/** The container of the case, and whoever watches the n-th call of its release hang. */
async function beginRelease(one: Case, variant: Variant, n: number) {
  const open = await openCase(one, latencyOf(variant));
  const { host, clock } = open;
  const aliveBefore = host.snapshot();
  const provision = open.create();
  const { container } = await inTime(provision.result);
  const last = host.calls.length + n - 1;
  const lateMs = DEFAULT_PATIENCE.releaseDeadlineMs + lateMsOf(n);
  // Whoever subscribes now is first told of the create.
  let isReleasing = false;
  const watch = new HangWatch(container, {
    isNext: () => isReleasing && host.calls.length === last,
    onHang: () => {
      if (variant.late === true) clock.setTimeout(() => host.answerPending(), lateMs);
    },
    onGivenUp: () => {},
  });
  isReleasing = true;
  host.inject({ nth: n, when: variant.fault });
  const hanging: Hanging = { one, variant, open, provision, watch, aliveBefore, defects: [] };
  return { container, hanging };
}

/** Runs the case with the n-th call of its release hanging. */
async function hangInRelease(one: Case, variant: Variant, n: number): Promise<InjectionResult> {
  const { container, hanging } = await beginRelease(one, variant, n);
  const { host, clock } = hanging.open;
  const began = clock.now();
  const { residue } = await inTime(container.release());
  if (variant.late !== true && host.pendingCalls > 0) {
    expectDeadlines(hanging, residue, clock.now() - began);
    expectStatus(hanging, 'needsHands');
    await expectNamed(hanging, container.resources);
  }
  await letAnswer(hanging);
  expectStatus(hanging, 'released');
  return resultOf(hanging, n, true, residue);
}

type Hang = (one: Case, variant: Variant, n: number) => Promise<InjectionResult>;

async function* everywhere(one: Case, calls: number, variants: readonly Variant[], hang: Hang) {
  for (let n = 1; n <= calls; n += 1) {
    for (const variant of variants) yield await hang(one, variant, n);
  }
}

/** Every call of the create hangs, in every way; none for a case that fails. */
export async function* hangEverywhere(one: Case): AsyncGenerator<InjectionResult> {
  const { ok, createCalls } = await runCase(one);
  if (ok) yield* everywhere(one, createCalls, OF_CREATES, hangInCreate);
}

/** The same for every call of the release of what the create has made. */
export async function* hangInReleases(one: Case): AsyncGenerator<InjectionResult> {
  const { ok, releaseCalls } = await runCase(one);
  if (ok) yield* everywhere(one, releaseCalls, OF_RELEASES, hangInRelease);
}
