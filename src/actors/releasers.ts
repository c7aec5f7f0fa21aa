import { win32 } from 'node:path';
import type { ContainerId, ResourceId, VmId } from '../domain/ids.ts';
import { describeResource, type Resource, type ResourceKind } from '../domain/resource.ts';
import { isGone, isNotEmpty } from '../hcs/hostError.ts';
import { scratchDisk } from '../oci/layers.ts';
import { closeHandles, closeLook } from './handles.ts';
import { foldersBetween } from './paths.ts';
import type { Run } from './run.ts';
import { detachFromVm, revokeFromVm } from './vmAttachments.ts';

/** What is left of it is others' to keep. */
export const KEPT = Symbol('kept');

/** The VM when that has taken the resource along. */
export type Went = VmId | typeof KEPT | undefined;

/** Releases a resource of one kind. What is gone already is released; anything else that fails is thrown. */
type Releaser<K extends ResourceKind> = (resource: Resource<K>, run: Run, entry: ResourceId) => Promise<Went>;

async function call<T>(run: Run, name: string, target: string, make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run.call('releasing', name, target, make);
  } catch (error) {
    if (!isGone(error)) throw error;
    return undefined;
  }
}

/** Ends the system through a fresh handle, for the one of its maker may be gone with its process; then closes both. Gives whether it was there. */
async function endComputeSystem(id: ContainerId | VmId, run: Run): Promise<boolean> {
  const fresh = await call(run, 'compute.open', id, () => run.host.compute.open(id));
  if (fresh !== undefined) {
    run.handlesOf(id).push(fresh);
    await call(run, 'compute.terminate', id, () => run.host.compute.terminate(fresh));
  }
  await closeHandles(run, 'releasing', id);
  return fresh !== undefined;
}

async function isThere(id: VmId, run: Run): Promise<boolean> {
  const handle = await call(run, 'compute.open', id, () => run.host.compute.open(id));
  if (handle === undefined) return false;
  await closeLook(run, 'releasing', id, handle);
  return true;
}

async function undo(run: Run, name: string, target: string, make: () => Promise<void>): Promise<undefined> {
  await call(run, name, target, make);
}

async function removeFolder(folder: string, run: Run): Promise<void> {
  await call(run, 'files.removeFolder', folder, () => run.host.files.removeFolder(folder));
  run.sharedFolders.delete(folder);
}

/**
 * A folder above the scratch in which others have put something by now stays for them. The last one of this process
 * that has something there takes it along.
 */
async function removeFolders({ path, made }: Resource<'scratchFolder'>, run: Run): Promise<typeof KEPT | undefined> {
  await removeFolder(path, run);
  const above = foldersBetween(path, made).slice(1);
  try {
    for (const folder of above) await removeFolder(folder, run);
    for (let folder = win32.dirname(made); run.sharedFolders.has(folder); folder = win32.dirname(folder)) {
      await removeFolder(folder, run);
    }
    return undefined;
  } catch (error) {
    if (!isNotEmpty(error)) throw error;
    for (const folder of above) run.sharedFolders.add(folder);
    return above.length === 0 ? undefined : KEPT;
  }
}

const RELEASERS: { readonly [K in ResourceKind]: Releaser<K> } = {
  scratchFolder: (r, run) => removeFolders(r, run),
  scratchLayer: (r, run) => {
    const disk = scratchDisk(win32.normalize(r.path));
    return undo(run, 'files.removeFile', disk, () => run.host.files.removeFile(disk));
  },
  namespace: (r, run) => undo(run, 'network.deleteNamespace', r.id, () => run.host.network.deleteNamespace(r.id)),
  namespaceEndpoint: (r, run) =>
    undo(run, 'network.removeEndpoint', describeResource(r), () =>
      run.host.network.removeEndpoint(r.namespace, r.endpoint),
    ),
  activatedLayer: (r, run) => undo(run, 'layers.deactivate', r.path, () => run.host.layers.deactivate(r.path)),
  preparedLayer: (r, run) => undo(run, 'layers.unprepare', r.path, () => run.host.layers.unprepare(r.path)),
  credentialGuard: (r, run) =>
    undo(run, 'credentials.removeInstance', r.id, () => run.host.credentials.removeInstance(r.id)),
  computeSystem: async (r, run) => {
    const wasThere = await endComputeSystem(r.id, run);
    return r.vm === undefined || wasThere || (await isThere(r.vm, run)) ? undefined : r.vm;
  },
  utilityVm: async (r, run) => {
    await endComputeSystem(r.id, run);
    await run.vms.drop(r.id);
    return undefined;
  },
  vmFile: (r, run) => undo(run, 'files.removeFile', r.path, () => run.host.files.removeFile(r.path)),
  vmGroupAccess: (r, run) => undo(run, 'vmAccess.revokeGroup', r.path, () => run.host.vmAccess.revokeGroup(r.path)),
  vmAccess: (r, run, holder) => revokeFromVm(run, r, holder),
  vmAttachment: (r, run, holder) => detachFromVm(run, r, holder),
};

/** Releases the resource by its kind: plain data is all that it takes, whoever acquired it. */
export async function releaseByKind<K extends ResourceKind>(
  resource: Resource<K>,
  run: Run,
  entry: ResourceId,
): Promise<Went> {
  const release = RELEASERS[resource.kind] as Releaser<K>;
  return release(resource, run, entry);
}
