/** What three provisions ask for that share what they can. */
import type { CreateRequest } from '../../src/index.ts';
import type { SimulatedHostOptions } from '../../src/testing/index.ts';
import { PROGRAMS } from './lives.ts';
import { fullSpec } from './requests.ts';
import { type PodId, podHost, podRequest } from './vmPods.ts';
import { vmHost } from './vmRuns.ts';

/** Containers of the host itself; they join one network namespace that somebody else has made. */
const NEIGHBOURS = ['near-1', 'near-2', 'near-3'] as const;
type Neighbour = (typeof NEIGHBOURS)[number];

export type SlotId = PodId | Neighbour;

/** Three containers in one VM; three in one network namespace; two in the VM, and one in the namespace. */
export const IDS_OF = {
  vm: ['one', 'two', 'three'],
  namespace: NEIGHBOURS,
  both: ['one', 'two', 'near-1'],
} as const satisfies Readonly<Record<string, readonly SlotId[]>>;
export type Ground = keyof typeof IDS_OF;
export const GROUNDS = ['vm', 'namespace', 'both'] as const satisfies readonly Ground[];

const NAMESPACE = '77777777-1111-4111-8111-111111111111';

const isNeighbour = (id: SlotId): id is Neighbour => NEIGHBOURS.some((one) => one === id);

const endpointOf = (id: Neighbour): string => `8888888${NEIGHBOURS.indexOf(id) + 1}-1111-4111-8111-111111111111`;

const process = { args: ['serve.exe'], cwd: 'C:\\', env: ['A=1'], user: { username: 'ContainerUser' } };

function neighbour(id: Neighbour): CreateRequest {
  const { windows, ...spec } = fullSpec();
  const { resources: _, ...rest } = windows;
  const layerFolders = ['C:\\layers\\app', 'C:\\layers\\base', `C:\\near\\${id}`];
  const network = { endpointList: [endpointOf(id)] };
  return { id, spec: { ...spec, process, windows: { ...rest, layerFolders, network } }, networkNamespace: NAMESPACE };
}

function inVm(id: PodId): CreateRequest {
  const { spec, ...request } = podRequest('windows', id, ['disk', 'folder', 'fileA']);
  return { ...request, spec: { ...(spec as object), process } };
}

export const requestFor = (id: SlotId, lifetime: 'process' | 'host', keepOnFailure: boolean): CreateRequest => ({
  ...(isNeighbour(id) ? neighbour(id) : inVm(id)),
  lifetime,
  keepOnFailure,
});

export function hostOf(): SimulatedHostOptions {
  const { endpoints, files = [], ...host } = podHost({ scratchIsThere: false });
  const near = Object.fromEntries(NEIGHBOURS.map(endpointOf).map((ID) => [ID, { ID }]));
  const known = endpoints as Readonly<Record<string, { readonly ID: string }>>;
  return {
    ...vmHost(),
    ...host,
    files: [...files, ...(vmHost().files ?? [])],
    processes: PROGRAMS,
    endpoints: { ...known, ...near },
    namespaces: [{ id: NAMESPACE }],
  };
}
