/** A host with what a case finds on it, and the processes that work there, one after the other. */
import { firstValueFrom } from 'rxjs';
import {
  type Container,
  createProvisioner,
  type LedgerStore,
  type Provisioner,
  type ProvisionerOptions,
  type Recovery,
  type VmStore,
} from '../../src/index.ts';
import { summarize } from '../../src/journal/runSummary.ts';
import { difference } from '../../src/testing/index.ts';
import { type Life, mortalClock, mortalHost, mortalJournal, mortalVms, type When } from './mortal.ts';
import type { CrashSubject, Lifetime } from './subjects.ts';

export interface CrashResult {
  readonly name: string;
  readonly lifetime: Lifetime;
  readonly crash: { readonly n: number; readonly when: When; readonly in: string };
  /** What recovery did, a run each. */
  readonly recovered: readonly string[];
  /** On the host and not there before, and nobody's. */
  readonly leaked: readonly string[];
  readonly defects: readonly string[];
}

/** What the next one does: it recovers, looks at what it has adopted, and gives it back. */
export async function recoverAll(
  provisioner: Provisioner,
  lookAt: (container: Container) => Promise<readonly string[]> = async () => [],
): Promise<Recovered> {
  const recovery = await provisioner.recover();
  const defects: string[] = [];
  for (const { result } of await firstValueFrom(provisioner.provisions$)) {
    // What is left of a create that failed is told by the recovery.
    const made = await result.catch(() => undefined);
    if (made !== undefined) defects.push(...(await lookAt(made.container)));
    await made?.container.release();
  }
  for (const { result } of await firstValueFrom(provisioner.vms$)) {
    const made = await result.catch(() => undefined);
    await made?.vm.stop();
  }
  return { ...recovery, defects };
}

/** What a recovery did, and what was wrong with what it has adopted. */
export interface Recovered extends Recovery {
  readonly defects: readonly string[];
}

type Options = ProvisionerOptions & { readonly journal: LedgerStore; readonly vms: VmStore };

/** A provisioner that lives as long as its process does. */
export function mortalProvisioner({ clock, ...options }: Options, life: Life): Promise<Provisioner> {
  return createProvisioner({
    ...options,
    ...(clock === undefined ? {} : { clock: mortalClock(clock, life) }),
    host: mortalHost(options.host, life),
    journal: mortalJournal(options.journal, life),
    vms: mortalVms(options.vms, life),
  });
}

/** What is in the VMs, without the numbers that only grow. */
export async function attachedIn(vms: VmStore): Promise<string> {
  const records = await Promise.all((await vms.list()).map((id) => vms.read(id)));
  const grows = new Set(['numbersGiven', 'namesGiven']);
  return JSON.stringify(records, (key, value: unknown) => (grows.has(key) ? undefined : value));
}

/** How the host and the VM of a case stand. */
export interface Standing {
  readonly alive: readonly string[];
  readonly attached: string;
}

/** Whether what the case creates was there for its caller: then its scratch is theirs. */
export async function wasProvisioned(journal: LedgerStore, onlooker: string): Promise<boolean> {
  const { runs } = await summarize(journal);
  return runs.some((run) => run.process !== onlooker && run.wasProvisioned);
}

function saidOf({ runs }: Recovery): readonly string[] {
  const touched = runs.filter(({ action }) => action !== 'leave');
  return touched.map(({ action, outcome, because }) => `${action}: ${outcome} (${because})`);
}

function failuresOf({ runs, unreadable }: Recovery): readonly string[] {
  const failed = runs.filter(({ outcome }) => outcome !== 'done');
  return [
    ...unreadable.map(({ message }) => message),
    ...failed.map(
      ({ because, outcome, error }) => `${because}: ${outcome} ${error === undefined ? '' : String(error)}`,
    ),
  ];
}

/**
 * Compares what recovery has left with what was there before the first process began. A second recovery, after it,
 * must have nothing to do.
 */
export function judge(
  { keeps }: CrashSubject,
  before: Standing,
  after: Standing & { readonly wasProvisioned: boolean },
  recovery: Recovered,
  second: Recovered,
) {
  const { appeared, gone } = difference(before.alive, after.alive);
  const leaked = appeared.filter((line) => !(after.wasProvisioned && keeps(line)));
  const isAttached = before.attached === after.attached ? [] : [`in the records of VMs: ${after.attached}`];
  return {
    recovered: saidOf(recovery),
    leaked: [...leaked, ...isAttached],
    defects: [
      ...failuresOf(recovery),
      ...recovery.defects,
      ...gone.map((line) => `gone, and not ours: ${line}`),
      ...saidOf(second).map((said) => `recovered a second time: ${said}`),
    ],
  };
}
