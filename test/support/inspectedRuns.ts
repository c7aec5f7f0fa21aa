/** Creates for the inspector to show: each goes its own way, all on one simulated host. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProvisioner, type LedgerStore, type Provision, type Provisioner } from 'slipway';
import { type SimulatedHost, simulatedHost } from 'slipway/testing';
import { ROOT } from './slipway.ts';

const read = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

const BASE = 'C:\\layers\\nanoserver';

/** Codes that the host answers with. */
const CODES = { notReady: 0x80070015, sharingViolation: 0x80070020, noMemory: 0x8007000e } as const;

export const webSpec = (id: string) => ({
  hostname: id,
  process: { args: ['C:\\app\\server.exe'], cwd: 'C:\\app', env: ['PORT=8080', 'DB_PASSWORD=hunter2'] },
  root: { path: '' },
  mounts: [{ source: 'C:\\data\\web', destination: 'C:\\app\\data', options: ['ro'] }],
  windows: {
    layerFolders: ['C:\\layers\\web', BASE, `C:\\scratch\\${id}`],
    resources: { cpu: { count: 2 }, memory: { limit: 1_073_741_824 } },
    network: { endpointList: ['1b2f4a5e-7c3d-4e8f-9a0b-2c4d6e8f0a1b'] },
  },
});

export interface Scene {
  readonly host: SimulatedHost;
  readonly provisioner: Provisioner;
}

export interface SceneOptions {
  readonly journal?: LedgerStore;
  /** Milliseconds that each call to the host takes. */
  readonly latency?: number;
}

export async function sceneOf({ journal, latency = 0 }: SceneOptions = {}): Promise<Scene> {
  const description = read('examples/host.json') as Parameters<typeof simulatedHost>[0];
  const host = simulatedHost({ ...description, latencies: latency });
  return { host, provisioner: await createProvisioner({ host, ...(journal === undefined ? {} : { journal }) }) };
}

/** The create of the compute system fails, and afterwards a layer does not let itself be released. */
export function failing({ host, provisioner }: Scene, id = 'web-1'): Provision {
  host.inject({ call: 'layers.activate', when: 'before', hresult: CODES.notReady });
  host.inject({
    call: 'compute.create',
    when: 'before',
    hresult: CODES.noMemory,
    detail: 'Construct: the memory of the container cannot be committed.',
  });
  host.inject({ call: 'layers.unprepare', when: 'before', hresult: CODES.sharingViolation, every: true });
  return provisioner.create({ id, spec: webSpec(id) });
}

/** Needs nothing that two creates could not have at the same time. */
export const plainSpec = (id: string) => ({
  root: { path: '' },
  windows: { layerFolders: [BASE, `C:\\scratch\\${id}`] },
});
