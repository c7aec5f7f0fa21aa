/** The request that is measured, and a create of it once done, to take inputs of the parts from. */
import { randomUUID } from 'node:crypto';
import { provisionId } from '../src/domain/ids.ts';
import type { CreateRequest } from '../src/domain/request.ts';
import { createProvisioner, type LedgerEntry } from '../src/index.ts';
import { parseSpec } from '../src/oci/spec.ts';
import { type SimulatedHostOptions, simulatedHost } from '../src/testing/index.ts';

/** As examples/web, with names of its own for everything that two containers cannot share. */
export function webRequest(n = 0): CreateRequest {
  return {
    id: `web-${n}`,
    spec: {
      ociVersion: '1.1.0',
      hostname: 'web',
      process: { args: ['C:\\app\\server.exe'], cwd: 'C:\\app', env: ['PORT=8080'] },
      root: { path: '' },
      mounts: [
        { source: 'C:\\data\\web', destination: 'C:\\app\\data', options: ['ro'] },
        { source: '\\\\.\\pipe\\telemetry', destination: '\\\\.\\pipe\\telemetry' },
      ],
      windows: {
        layerFolders: ['C:\\layers\\web', 'C:\\layers\\nanoserver', `C:\\scratch\\web-${n}`],
        resources: { cpu: { count: 2 }, memory: { limit: 1073741824 } },
        network: {
          endpointList: [`1b2f4a5e-7c3d-4e8f-9a0b-${String(n).padStart(12, '0')}`],
          DNSSearchList: ['internal.example'],
        },
      },
    },
  };
}

/** Any endpoint is there. */
export const WEB_HOST: SimulatedHostOptions = {
  facts: { build: 20348, processorCount: 8 },
  files: [
    { path: 'C:\\layers\\web', dir: true },
    { path: 'C:\\layers\\nanoserver', dir: true },
    { path: 'C:\\data\\web', dir: true },
  ],
};

export const FACTS = { build: 20348, processorCount: 8 };

export const newProvisionId = () => provisionId(randomUUID());

export interface Finished {
  readonly resources: readonly LedgerEntry[];
  /** By call, how often it was made. */
  readonly calls: ReadonlyMap<string, number>;
}

/** One create, to see what it acquires and calls. */
export async function finishedCreate(): Promise<Finished> {
  const host = simulatedHost(WEB_HOST);
  const provisioner = await createProvisioner({ host });
  const { resources } = await provisioner.create(webRequest()).result;
  const calls = new Map<string, number>();
  for (const { call } of host.calls) calls.set(call, (calls.get(call) ?? 0) + 1);
  return { resources, calls };
}

export const parsedWebSpec = (n = 0) => parseSpec(webRequest(n).spec).spec;
