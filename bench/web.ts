/** The request that is measured, and a create of it once done, to take inputs of the parts from. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { provisionId } from '../src/domain/ids.ts';
import type { CreateRequest } from '../src/domain/request.ts';
import { createProvisioner, type LedgerEntry } from '../src/index.ts';
import { parseSpec } from '../src/oci/spec.ts';
import { type SimulatedHostOptions, simulatedHost } from '../src/testing/index.ts';

interface Windows {
  readonly layerFolders: readonly string[];
  readonly network: { readonly endpointList: readonly string[] };
}

const example = (file: string): unknown => JSON.parse(readFileSync(join(process.cwd(), 'examples', file), 'utf8'));

const EXAMPLE = example('web/config.json') as { readonly windows: Windows };

/** The spec of examples/web, with names of its own for everything that two containers cannot share. */
export function webSpec(n = 0): { readonly windows: Windows } {
  const { windows } = EXAMPLE;
  const layerFolders = [...windows.layerFolders.slice(0, -1), `C:\\scratch\\web-${n}`];
  const endpointList = [`1b2f4a5e-7c3d-4e8f-9a0b-${String(n).padStart(12, '0')}`];
  return { ...EXAMPLE, windows: { ...windows, layerFolders, network: { ...windows.network, endpointList } } };
}

export const webRequest = (n = 0): CreateRequest => ({ id: `web-${n}`, spec: webSpec(n) });

/** The host of the example, but any endpoint is there. */
export const WEB_HOST: SimulatedHostOptions = { ...(example('host.json') as object), endpoints: [] };

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

export const parsedWebSpec = () => parseSpec(webSpec()).spec;
