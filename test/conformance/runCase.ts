/** Runs the request of a case on a host that is as the recorded one was. */
import { readFileSync } from 'node:fs';
import { join, win32 } from 'node:path';
import { v4 as uuid } from 'uuid';
import { vmId } from '../../src/domain/ids.ts';
import {
  createProvisioner,
  type Finding,
  type LedgerEntry,
  memoryVmStore,
  type Provision,
  type Provisioner,
  type ProvisionerOptions,
  ProvisionFault,
  type ReleaseHandle,
  type VmStore,
} from '../../src/index.ts';
import { parseSpec } from '../../src/oci/spec.ts';
import {
  type CallRecord,
  type Effect,
  type SimulatedHost,
  type SimulatedHostFile,
  type SimulatedHostOptions,
  simulatedHost,
  type VirtualClock,
  virtualClock,
} from '../../src/testing/index.ts';
import type { VmRecord } from '../../src/vm/claims.ts';
import type { Case, CaseHost } from './case.ts';
import { type Ground, type MakeGround, simulatedGround } from './ground.ts';
import { startVm } from './hostedVm.ts';

/** Real milliseconds after which a run counts as hung; the clock of the run is a virtual one. */
const HUNG_AFTER_MS = 20_000;

export interface CaseRun {
  /** All calls that were made, those before the create too. */
  readonly calls: readonly CallRecord[];
  readonly ok: boolean;
  /** The id that was generated, where the request gave none. */
  readonly generatedId: string | undefined;
  /** All ids that were generated, in order. */
  readonly generated: readonly string[];
  readonly effects: readonly Effect[];
  readonly releaseEffects: readonly Effect[];
  readonly findings: readonly Finding[];
  readonly fault: { readonly code: string; readonly step: string } | null;
  /** The fault in a sentence. */
  readonly said?: string;
  /** The calls that the create made, in order. */
  readonly createCalls: number;
  readonly aliveBefore: readonly string[];
  /** After the create ended, before anything was given back by hand. */
  readonly aliveAfterCreate: readonly string[];
  readonly aliveAfter: readonly string[];
  /** The ledger when the create had ended. */
  readonly resources: readonly LedgerEntry[];
  /** What the first release could not give back. */
  readonly residue: readonly LedgerEntry[];
  /** The calls that the first release made. */
  readonly releaseCalls: number;
  /** After the first release; `aliveAfter` is after the second one, where there was one. */
  readonly aliveAfterFirst: readonly string[];
  /** What is known of the VM after the create, and after the first release. */
  readonly vmAfterCreate: VmRecord | undefined;
  readonly vmAfterFirst: VmRecord | undefined;
  readonly specUntouched: boolean;
  /** What should not have happened: it hung, or threw something that is no fault. */
  readonly defect: string | undefined;
}

function mountPathOf(described: string | undefined): string | undefined {
  if (described === undefined || described.includes('uuidv5')) return undefined;
  return described === '<empty>' ? '' : described;
}

/** A file that is a copy of one beside the cases has its bytes. */
function withBytes(file: SimulatedHostFile & { readonly copyFrom?: string }, folder: string): SimulatedHostFile {
  const { copyFrom, ...rest } = file;
  return copyFrom === undefined ? rest : { ...rest, bytes: readFileSync(join(folder, copyFrom)).toString('base64') };
}

/** The recorded host let a VM open whatever it was told is a disk, also what names a folder in the VM. */
function oddDisks(spec: Case['request']['spec']): readonly SimulatedHostFile[] {
  const { mounts } = parseSpec(spec).spec;
  const disks = (mounts ?? []).filter(({ type }) => type === 'virtual-disk');
  return disks.flatMap(({ source = '' }) => (source.startsWith('sandbox://') ? [{ path: source }] : []));
}

/** A namespace or a volume that the request gives exists, or the request would make no sense. */
export function describeHost({ request, folder }: Case): SimulatedHostOptions {
  const { host, options, spec } = request;
  const given = options.networkNamespace ?? '';
  const described = host.namespaces ?? [];
  // In a VM the recorded host was asked for the namespace, and knew when there was none.
  const missing = !request.uvm && given !== '' && !described.some(({ id }) => id === given);
  const layerMountPath = mountPathOf(host.layerMountPath);
  return {
    facts: host,
    files: [...(host.files ?? []).map((file) => withBytes(file, folder)), ...oddDisks(spec)],
    endpoints: (host.endpoints ?? {}) as Readonly<Record<string, { readonly ID: string }>>,
    exec: host.exec ?? [],
    namespaces: missing ? [...described, { id: given }] : described,
    volumes: [spec?.root?.path ?? ''].filter((path) => path !== ''),
    ...(host.resolvePath === undefined ? {} : { resolvePath: host.resolvePath }),
    ...(layerMountPath === undefined ? {} : { layerMountPath }),
    // The recorded host took every number, and every schema.
    checks: { processorLimits: false, schemaVersions: false },
  };
}

function ownerOf(host: CaseHost): string {
  return win32.basename(host.executable ?? 'slipway');
}

type CaseRequest = Pick<Case['request'], 'options' | 'spec' | 'uvm'>;

export function requestOf({ options, spec, uvm }: CaseRequest, spare: string) {
  const { schemaVersion } = options;
  return {
    ...(uvm ? { vm: uvm.id } : {}),
    scaleCpuLimitsToVm: options.scaleCPULimitsToSandbox,
    id: options.id || spare,
    owner: options.owner,
    spec,
    networkNamespace: options.networkNamespace,
    doNotReleaseResourcesOnFailure: options.doNotReleaseResourcesOnFailure,
    ...(schemaVersion ? { schemaVersion: { major: schemaVersion.Major, minor: schemaVersion.Minor } } : {}),
  };
}

export async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const hung = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the run hung')), HUNG_AFTER_MS);
  });
  try {
    return await Promise.race([work, hung]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a provisioner of the case is told besides its host. */
export function optionsOf({ request: { host } }: Case): Pick<ProvisionerOptions, 'owner' | 'deviceUtil'> {
  const { executable = '' } = host;
  const owner = ownerOf(host);
  return executable === ''
    ? { owner }
    : { owner, deviceUtil: win32.join(win32.dirname(executable), 'device-util.exe') };
}

/** With the VM of the case running, and what was in it before. */
export async function provisionerOn(
  { request: { uvm, before = [] } }: Case,
  options: ProvisionerOptions & { readonly vms: VmStore },
): Promise<Provisioner> {
  if (uvm) await options.vms.open(vmId(uvm.id), await startVm(options.host, uvm));
  const provisioner = await createProvisioner(options);
  for (const earlier of before) {
    await inTime(provisioner.create(requestOf({ ...earlier, ...(uvm ? { uvm } : {}) }, uuid())).result);
  }
  return provisioner;
}

/** What is done to the host before the create, and before what it has left is given back. */
export interface Hooks {
  readonly beforeCreate?: (ground: Ground) => Promise<unknown>;
  readonly beforeRelease?: (ground: Ground) => Promise<unknown>;
}

/** One case on its way. */
class Running {
  readonly vms = memoryVmStore();
  readonly #ground: Ground;
  readonly #one: Case;
  readonly #hooks: Hooks;
  readonly #generated: string[] = [];
  #effects = { before: 0, created: 0 };

  constructor(one: Case, ground: Ground, hooks: Hooks) {
    this.#one = one;
    this.#ground = ground;
    this.#hooks = hooks;
  }

  async run(): Promise<CaseRun> {
    const ground = this.#ground;
    const provisioner = await this.#provisioner();
    const generatedId = this.#one.request.options.id ? undefined : uuid();
    if (generatedId !== undefined) this.#generated.push(generatedId);
    const specBefore = JSON.stringify(this.#one.request.spec);
    const before = { aliveBefore: await ground.snapshot(), generatedId, generated: this.#generated };
    this.#effects = { before: (await ground.effects()).length, created: 0 };
    const callsBefore = (await ground.calls()).length;
    await this.#hooks.beforeCreate?.(ground);
    const created = await this.#create(
      provisioner.create(requestOf(this.#one.request, generatedId ?? '')),
      callsBefore,
    );
    const released = await this.#release(created.handle);
    const { handle: _handle, ...outcome } = created;
    const specUntouched = specBefore === JSON.stringify(this.#one.request.spec);
    return { ...before, ...outcome, ...released, calls: await ground.calls(), specUntouched };
  }

  async #provisioner(): Promise<Provisioner> {
    const newId = (): string => {
      const id = uuid();
      this.#generated.push(id);
      return id;
    };
    const { host, clock } = this.#ground;
    const options = { ...optionsOf(this.#one), host, clock, vms: this.vms, newId };
    const provisioner = await provisionerOn(this.#one, options);
    this.#generated.length = 0;
    return provisioner;
  }

  async #create(provision: Provision, callsBefore: number) {
    const outcome = await this.#outcomeOf(provision);
    const effects = await this.#ground.effects();
    this.#effects = { ...this.#effects, created: effects.length };
    return {
      ...outcome,
      effects: effects.slice(this.#effects.before),
      createCalls: (await this.#ground.calls()).length - callsBefore,
      aliveAfterCreate: await this.#ground.snapshot(),
      vmAfterCreate: await this.#vm(),
    };
  }

  async #outcomeOf(provision: Provision) {
    const nothing = { findings: [], fault: null, resources: [], defect: undefined, handle: undefined };
    try {
      const { container, resources } = await inTime(provision.result);
      return { ...nothing, ok: true, resources, handle: container };
    } catch (error) {
      if (!(error instanceof ProvisionFault))
        return { ...nothing, ok: false, defect: error instanceof Error ? error.message : typeof error };
      const { findings, code, step, resources, held, message } = error;
      return { ...nothing, ok: false, findings, fault: { code, step }, said: message, resources, handle: held };
    }
  }

  async #release(handle: ReleaseHandle | undefined) {
    const ground = this.#ground;
    await this.#hooks.beforeRelease?.(ground);
    const callsBefore = (await ground.calls()).length;
    const residue = handle === undefined ? [] : (await inTime(handle.release())).residue;
    const first = {
      residue,
      releaseCalls: (await ground.calls()).length - callsBefore,
      aliveAfterFirst: await ground.snapshot(),
      vmAfterFirst: await this.#vm(),
    };
    if (handle !== undefined && residue.length > 0) await inTime(handle.release());
    const releaseEffects = (await ground.effects()).slice(this.#effects.created);
    return { ...first, releaseEffects, aliveAfter: await ground.snapshot() };
  }

  async #vm(): Promise<VmRecord | undefined> {
    const { uvm } = this.#one.request;
    return uvm ? this.vms.read(vmId(uvm.id)) : undefined;
  }
}

/** A case whose create has not begun. */
export interface OpenCase {
  readonly host: SimulatedHost;
  readonly vms: VmStore;
  readonly clock: VirtualClock;
  readonly create: () => Provision;
}

/** The case on a host whose calls take `latencies` milliseconds, with its VM running and what was in that before. */
export async function openCase(one: Case, latencies: number, also: SimulatedHostOptions = {}): Promise<OpenCase> {
  const clock = virtualClock({ autoAdvance: true });
  const host = simulatedHost({ ...describeHost(one), ...also, clock, latencies });
  const vms = memoryVmStore();
  const provisioner = await provisionerOn(one, { ...optionsOf(one), host, vms, clock });
  return { host, vms, clock, create: () => provisioner.create(requestOf(one.request, uuid())) };
}

/** Runs the case: a create, a release of what it has left, and a second release when the first one leaves something. */
export async function runCase(one: Case, hooks: Hooks = {}, make: MakeGround = simulatedGround): Promise<CaseRun> {
  return new Running(one, await make(describeHost(one)), hooks).run();
}
