/** Runs the request of a case on a simulated host that is as the recorded one was. */
import { win32 } from 'node:path';
import { v4 as uuid } from 'uuid';
import { createProvisioner, type Finding, type LedgerEntry, ProvisionFault } from '../../src/index.ts';
import {
  type Effect,
  type SimulatedHost,
  type SimulatedHostOptions,
  simulatedHost,
  virtualClock,
} from '../../src/testing/index.ts';
import type { Case, CaseHost } from './case.ts';

/** Real milliseconds after which a run counts as hung; the clock of the run is a virtual one. */
const HUNG_AFTER_MS = 20_000;

export interface CaseRun {
  readonly host: SimulatedHost;
  readonly ok: boolean;
  /** The id that was generated, where the request gave none. */
  readonly generatedId: string | undefined;
  readonly effects: readonly Effect[];
  readonly releaseEffects: readonly Effect[];
  readonly findings: readonly Finding[];
  readonly fault: { readonly code: string; readonly step: string } | null;
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

/** A namespace or a volume that the request gives exists, or the request would make no sense. */
function describeHost({ request }: Case): SimulatedHostOptions {
  const { host, options, spec } = request;
  const given = options.networkNamespace ?? '';
  const described = host.namespaces ?? [];
  const missing = given !== '' && !described.some(({ id }) => id === given);
  const layerMountPath = mountPathOf(host.layerMountPath);
  return {
    facts: host,
    files: host.files ?? [],
    endpoints: Object.keys(host.endpoints ?? {}),
    namespaces: missing ? [...described, { id: given }] : described,
    volumes: [spec?.root?.path ?? ''].filter((path) => path !== ''),
    ...(host.resolvePath === undefined ? {} : { resolvePath: host.resolvePath }),
    ...(layerMountPath === undefined ? {} : { layerMountPath }),
    // The recorded host took every number.
    checks: { processorLimits: false },
  };
}

function ownerOf(host: CaseHost): string {
  return win32.basename(host.executable ?? 'slipway');
}

function requestOf({ request: { options, spec } }: Case, spare: string) {
  const { schemaVersion } = options;
  return {
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

/** Runs the case; `prepare` can make the host go wrong before it begins. */
export async function runCase(one: Case, prepare: (host: SimulatedHost) => void = () => {}): Promise<CaseRun> {
  const clock = virtualClock({ autoAdvance: true });
  const host = simulatedHost({ ...describeHost(one), clock });
  const provisioner = await createProvisioner({ host, clock, owner: ownerOf(one.request.host) });
  const generatedId = one.request.options.id ? undefined : uuid();
  const specBefore = JSON.stringify(one.request.spec);
  const aliveBefore = host.snapshot();
  prepare(host);
  const provision = provisioner.create(requestOf(one, generatedId ?? ''));
  const base = { host, generatedId, aliveBefore, findings: [], fault: null, residue: [], resources: [] };
  const afterCreate = () => ({
    effects: [...host.effects],
    createCalls: host.calls.length,
    aliveAfterCreate: host.snapshot(),
  });
  const finish = (created: ReturnType<typeof afterCreate>) => ({
    releaseEffects: host.effects.slice(created.effects.length),
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
      resources,
      residue,
      defect: undefined,
    };
  }
}
