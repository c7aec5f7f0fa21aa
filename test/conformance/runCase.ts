/** Runs the request of a case on a simulated host that is as the recorded one was. */
import { readFileSync } from 'node:fs';
import { join, win32 } from 'node:path';
import { v4 as uuid } from 'uuid';
import { vmId } from '../../src/domain/ids.ts';
import {
  createProvisioner,
  type Finding,
  type LedgerEntry,
  memoryVmStore,
  type Provisioner,
  ProvisionFault,
} from '../../src/index.ts';
import { parseSpec } from '../../src/oci/spec.ts';
import {
  type Effect,
  type SimulatedHost,
  type SimulatedHostFile,
  type SimulatedHostOptions,
  simulatedHost,
  type VirtualClock,
  virtualClock,
} from '../../src/testing/index.ts';
import type { Case, CaseHost } from './case.ts';
import { startVm } from './hostedVm.ts';

/** Real milliseconds after which a run counts as hung; the clock of the run is a virtual one. */
const HUNG_AFTER_MS = 20_000;

export interface CaseRun {
  readonly host: SimulatedHost;
  readonly ok: boolean;
  /** The id that was generated, where the request gave none. */
  readonly generatedId: string | undefined;
  /** All ids that were generated, in order. */
  readonly generated: readonly string[];
  /** The calls that were made before the create began. */
  readonly callsBefore: number;
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
  readonly residue: readonly LedgerEntry[];
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
function describeHost({ request, folder }: Case): SimulatedHostOptions {
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

function requestOf({ options, spec, uvm }: CaseRequest, spare: string) {
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

async function inTime<T>(work: Promise<T>): Promise<T> {
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

/** With the VM of the case running, and what was in it before. */
async function provisionerOn(
  host: SimulatedHost,
  clock: VirtualClock,
  one: Case,
  generated: string[],
): Promise<Provisioner> {
  const { uvm, host: described, before = [] } = one.request;
  const executable = described.executable ?? '';
  const vms = memoryVmStore();
  if (uvm) await vms.open(vmId(uvm.id), await startVm(host, uvm));
  const provisioner = await createProvisioner({
    host,
    clock,
    vms,
    owner: ownerOf(described),
    ...(executable === '' ? {} : { deviceUtil: win32.join(win32.dirname(executable), 'device-util.exe') }),
    newId: () => {
      const id = uuid();
      generated.push(id);
      return id;
    },
  });
  for (const earlier of before) {
    await inTime(provisioner.create(requestOf({ ...earlier, ...(uvm ? { uvm } : {}) }, uuid())).result);
  }
  generated.length = 0;
  return provisioner;
}

/** Runs the case; `prepare` can make the host go wrong before it begins. */
export async function runCase(one: Case, prepare: (host: SimulatedHost) => void = () => {}): Promise<CaseRun> {
  const clock = virtualClock({ autoAdvance: true });
  const host = simulatedHost({ ...describeHost(one), clock });
  const generated: string[] = [];
  const provisioner = await provisionerOn(host, clock, one, generated);
  const generatedId = one.request.options.id ? undefined : uuid();
  if (generatedId !== undefined) generated.push(generatedId);
  const specBefore = JSON.stringify(one.request.spec);
  const aliveBefore = host.snapshot();
  const effectsBefore = host.effects.length;
  const callsBefore = host.calls.length;
  prepare(host);
  const provision = provisioner.create(requestOf(one.request, generatedId ?? ''));
  const base = {
    host,
    generatedId,
    generated,
    callsBefore,
    aliveBefore,
    findings: [],
    fault: null,
    residue: [],
    resources: [],
  };
  const afterCreate = () => ({
    effects: host.effects.slice(effectsBefore),
    createCalls: host.calls.length - callsBefore,
    aliveAfterCreate: host.snapshot(),
  });
  const finish = (created: ReturnType<typeof afterCreate>) => ({
    releaseEffects: host.effects.slice(effectsBefore + created.effects.length),
    aliveAfter: host.snapshot(),
    specUntouched: specBefore === JSON.stringify(one.request.spec),
  });
  try {
    const { container, resources } = await inTime(provision.result);
    const created = afterCreate();
    const { residue } = await inTime(container.release());
    return { ...base, ok: true, ...created, ...finish(created), resources, residue, defect: undefined };
  } catch (error) {
    const created = afterCreate();
    if (!(error instanceof ProvisionFault)) {
      return { ...base, ok: false, ...created, ...finish(created), defect: String(error) };
    }
    const { findings, code, step, resources, held } = error;
    const residue = held === undefined ? [] : (await inTime(held.release())).residue;
    const fault = { code, step };
    return {
      ...base,
      ok: false,
      ...created,
      ...finish(created),
      findings,
      fault,
      said: error.message,
      resources,
      residue,
      defect: undefined,
    };
  }
}
