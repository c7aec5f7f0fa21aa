/** The host calls of a create of the web request without Slipway: an async function, and an undo list in memory. */
import { randomUUID } from 'node:crypto';
import { win32 } from 'node:path';
import type { LayerDescriptor } from '../src/domain/allocations.ts';
import { containerId, endpointId, namespaceId, resourceId } from '../src/domain/ids.ts';
import type { Resource } from '../src/domain/resource.ts';
import type { Intent } from '../src/hcs/intent.ts';
import type { HostPort } from '../src/hcs/port.ts';
import { intentOf } from '../src/journal/intentOf.ts';

/** What a host needs to be told; nothing is written down. */
export interface PlainRequest {
  readonly id: string;
  readonly layerFolders: readonly string[];
  readonly mountSource: string;
  readonly endpoint: string;
  readonly document: (volumePath: string, namespace: string) => object;
}

/** Undoes what was done, the youngest first. */
export type Undo = () => Promise<void>;

function intend<R extends Resource>(resource: R): Intent<R['kind']> {
  const entry = { id: resourceId('plain'), order: 0, resource, step: 'networking', state: 'intended', attempts: 0 };
  return intentOf(entry as Parameters<typeof intentOf>[0], resource);
}

const ignore = (): undefined => undefined;

async function describeLayers(host: HostPort, folders: readonly string[]): Promise<LayerDescriptor[]> {
  const layers: LayerDescriptor[] = [];
  for (const path of folders) layers.push({ id: await host.layers.nameToGuid(win32.basename(path)), path });
  return layers;
}

async function configureNetwork(host: HostPort, endpoint: string, undo: Undo[]): Promise<string> {
  const id = namespaceId(randomUUID());
  await host.network.createNamespace(intend({ kind: 'namespace', id, owner: 'plain', name: 'plain' }));
  undo.push(() => host.network.deleteNamespace(id));
  const member = endpointId(endpoint);
  await host.network.addEndpoint(intend({ kind: 'namespaceEndpoint', namespace: id, endpoint: member }));
  undo.push(() => host.network.removeEndpoint(id, member));
  return id;
}

async function createScratch(host: HostPort, path: string, layers: readonly LayerDescriptor[], undo: Undo[]) {
  const disk = win32.join(path, 'sandbox.vhdx');
  if ((await host.files.stat(path)) === 'missing') {
    await host.files.stat(win32.dirname(path));
    await host.files.stat(win32.dirname(win32.dirname(path)));
    await host.files.createFolder(intend({ kind: 'scratchFolder', path, made: win32.dirname(path) }));
    undo.push(() => host.files.removeFolder(path));
  }
  if ((await host.files.stat(disk)) !== 'missing') return;
  await host.layers.createScratch(intend({ kind: 'scratchLayer', path }), layers);
  undo.push(() => host.files.removeFile(disk));
}

async function mountLayers(host: HostPort, path: string, layers: readonly LayerDescriptor[], undo: Undo[]) {
  await host.layers.mountPath(path).catch(ignore);
  await host.layers.activate(intend({ kind: 'activatedLayer', path }));
  undo.push(() => host.layers.deactivate(path));
  await host.layers.prepare(intend({ kind: 'preparedLayer', path }), layers);
  undo.push(() => host.layers.unprepare(path));
  return host.layers.mountPath(path);
}

/** The calls of a create in their order; what has to be undone is pushed to `undo`. */
export async function hostCalls(host: HostPort, request: PlainRequest, undo: Undo[] = []): Promise<void> {
  const id = containerId(request.id);
  await host.facts();
  await host.files.stat(request.mountSource);
  const layers = await describeLayers(host, request.layerFolders.slice(0, -1));
  const scratch = request.layerFolders.at(-1) ?? '';
  const namespace = await configureNetwork(host, request.endpoint, undo);
  await createScratch(host, scratch, layers, undo);
  const volumePath = await mountLayers(host, scratch, layers, undo);
  await host.files.resolve(request.mountSource);
  await host.compute.open(id).catch(ignore);
  const document = request.document(volumePath, namespace);
  const handle = await host.compute.create(intend({ kind: 'computeSystem', id, schema: 'v2' }), document);
  undo.push(() => host.compute.close(handle));
  undo.push(() => host.compute.terminate(handle));
}

/** A create as one writes it without a statechart: undone when it fails, and not at all when the process ends. */
export async function plainCreate(host: HostPort, request: PlainRequest): Promise<Undo> {
  const undo: Undo[] = [];
  const undoAll: Undo = async () => {
    for (const step of undo.reverse()) await step();
  };
  let created = false;
  try {
    await hostCalls(host, request, undo);
    created = true;
    return undoAll;
  } finally {
    if (!created) await undoAll();
  }
}
