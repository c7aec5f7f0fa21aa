/** Requests and hosts that tests share. */
import { expect } from '@jest/globals';
import { createProvisioner, type Provision, type ProvisionerOptions, ProvisionFault } from '../../src/index.ts';
import {
  type CallName,
  type SimulatedHost,
  type SimulatedHostOptions,
  simulatedHost,
  virtualClock,
} from '../../src/testing/index.ts';

export const ENDPOINTS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;

/** Everything that a process-isolated container can ask for, so that every step has work to do. */
export const fullSpec = () => ({
  ociVersion: '1.1.0',
  hostname: 'web-1',
  root: { path: '' },
  mounts: [
    { source: 'C:\\data', destination: 'C:\\app\\data', options: ['ro'] },
    { source: '\\\\.\\pipe\\telemetry', destination: '\\\\.\\pipe\\telemetry' },
  ],
  windows: {
    layerFolders: ['C:\\layers\\app', 'C:\\layers\\base', 'C:\\scratch\\deep\\web-1'],
    credentialSpec: '{"secret":"of the account"}',
    network: { endpointList: [...ENDPOINTS] },
    resources: { cpu: { count: 2 } },
  },
});

/** The scratch of `fullSpec`, which stays when its container is released. */
export const SCRATCH_LEFT = ['disk.scratchLayer C:\\scratch\\deep\\web-1'];

export const fullRequest = () => ({ id: 'web-1', spec: fullSpec() });

/** The least that makes a container. */
export const plainSpec = (scratch = 'C:\\scratch\\plain') => ({
  root: { path: '' },
  windows: { layerFolders: ['C:\\layers\\base', scratch] },
});

export const hostOptions = (): SimulatedHostOptions => ({
  files: [
    { path: 'C:\\layers\\app', dir: true },
    { path: 'C:\\layers\\base', dir: true },
    { path: 'C:\\data', dir: true },
  ],
  endpoints: ENDPOINTS,
});

/** A host whose time passes by itself whenever nothing else happens, and a provisioner on it. */
export async function setUp(
  host: SimulatedHostOptions = {},
  provisioner: Partial<Omit<ProvisionerOptions, 'host' | 'clock'>> = {},
) {
  const clock = virtualClock({ autoAdvance: true });
  const simulated = simulatedHost({ ...hostOptions(), ...host, clock });
  return { clock, host: simulated, provisioner: await createProvisioner({ host: simulated, clock, ...provisioner }) };
}

/** The number of calls that a create of `fullSpec` makes. */
export async function callsOfFullCreate(): Promise<number> {
  const { host, provisioner } = await setUp();
  await provisioner.create({ id: 'web-1', spec: fullSpec() }).result;
  return host.calls.length;
}

/** Lets everything happen that can happen without time passing. */
export async function idle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The fault that a result rejects with. */
export async function faultOf(result: Promise<unknown>): Promise<ProvisionFault> {
  const error = await result.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ProvisionFault) return error;
  throw new Error(`expected a ProvisionFault, got ${String(error)}`);
}

/** A look that finds nothing, as it should, has no effect to have: the create succeeds in spite of the injection. */
export async function answersNo(provision: Provision, host: SimulatedHost, nth: number): Promise<boolean> {
  const created = await provision.result.catch(() => undefined);
  if (created === undefined) return false;
  expect(['layers.mountPath', 'compute.open']).toContain(host.calls[nth - 1]?.call);
  await created.container.release();
  expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  return true;
}

/** A create that has failed, and of whose rollback every call of these kinds fails, until it is healed. */
export async function failedWithResidue(...failing: readonly CallName[]) {
  const { host, provisioner } = await setUp();
  host.inject({ call: 'compute.create', when: 'before' });
  for (const call of failing) host.inject({ call, when: 'before', every: true });
  const provision = provisioner.create(fullRequest());
  return { host, provision, fault: await faultOf(provision.result) };
}
