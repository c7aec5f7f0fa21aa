import { win32 } from 'node:path';
import type { ContainerId, VmId } from '../domain/ids.ts';
import { describeResource, type Resource, type ResourceKind } from '../domain/resource.ts';
import { VM_STEPS } from '../domain/step.ts';
import { isGone, isInvalidHandle } from '../hcs/hostError.ts';
import type { SystemHandle } from '../hcs/port.ts';
import { foldersBetween, scratchDiskOf } from './paths.ts';
import type { Run } from './run.ts';

/** Releases a resource of one kind. What is gone already is released; anything else that fails is thrown. */
type Releaser<K extends ResourceKind> = (resource: Resource<K>, run: Run) => Promise<void>;

async function call<T>(run: Run, name: string, target: string, make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run.call('releasing', name, target, make);
  } catch (error) {
    if (!isGone(error)) throw error;
    return undefined;
  }
}

/** A handle that is not valid any more was closed by a try before this one. */
async function closeHandle(id: ContainerId | VmId, handle: SystemHandle, run: Run): Promise<void> {
  try {
    await call(run, 'compute.close', id, () => run.host.compute.close(handle));
  } catch (error) {
    if (!isInvalidHandle(error)) throw error;
  }
  const handles = run.handlesOf(id);
  handles.splice(handles.indexOf(handle), 1);
}

/** Ends the system through a fresh handle, for the one of its maker may be gone with its process; then closes both. */
async function endComputeSystem(id: ContainerId | VmId, run: Run): Promise<void> {
  const fresh = await call(run, 'compute.open', id, () => run.host.compute.open(id));
  if (fresh !== undefined) {
    run.handlesOf(id).push(fresh);
    await call(run, 'compute.terminate', id, () => run.host.compute.terminate(fresh));
  }
  for (const handle of [...run.handlesOf(id)]) await closeHandle(id, handle, run);
}

/** Whether it was acquired for the VM itself, and not for a container in it. */
function isOfVmItself(run: Run, resource: Resource): boolean {
  const steps: readonly string[] = VM_STEPS;
  return run.ledger.entries.some((entry) => entry.resource === resource && steps.includes(entry.step));
}

const RELEASERS: { readonly [K in ResourceKind]: Releaser<K> } = {
  scratchFolder: async (r, run) => {
    for (const folder of foldersBetween(r.path, r.made)) {
      await call(run, 'files.removeFolder', folder, () => run.host.files.removeFolder(folder));
    }
  },
  scratchLayer: (r, run) => {
    const disk = scratchDiskOf(win32.normalize(r.path));
    return call(run, 'files.removeFile', disk, () => run.host.files.removeFile(disk));
  },
  namespace: (r, run) => call(run, 'network.deleteNamespace', r.id, () => run.host.network.deleteNamespace(r.id)),
  namespaceEndpoint: (r, run) =>
    call(run, 'network.removeEndpoint', describeResource(r), () =>
      run.host.network.removeEndpoint(r.namespace, r.endpoint),
    ),
  activatedLayer: (r, run) => call(run, 'layers.deactivate', r.path, () => run.host.layers.deactivate(r.path)),
  preparedLayer: (r, run) => call(run, 'layers.unprepare', r.path, () => run.host.layers.unprepare(r.path)),
  credentialGuard: (r, run) =>
    call(run, 'credentials.removeInstance', r.id, () => run.host.credentials.removeInstance(r.id)),
  computeSystem: (r, run) => endComputeSystem(r.id, run),
  utilityVm: (r, run) => endComputeSystem(r.id, run),
  vmFile: (r, run) => call(run, 'files.removeFile', r.path, () => run.host.files.removeFile(r.path)),
  vmGroupAccess: (r, run) => call(run, 'vmAccess.revokeGroup', r.path, () => run.host.vmAccess.revokeGroup(r.path)),
  vmAccess: async (r, run) => {
    if (!isOfVmItself(run, r)) throw new Error('not there yet');
    await call(run, 'vmAccess.revoke', describeResource(r), () => run.host.vmAccess.revoke(r.vm, r.path));
  },
  vmAttachment: async (r, run) => {
    // What a VM was told at its start ends with it, and it was released before this.
    if (!isOfVmItself(run, r)) throw new Error('not there yet');
  },
};

/** Releases the resource by its kind: plain data is all that it takes, whoever acquired it. */
export function releaseByKind<K extends ResourceKind>(resource: Resource<K>, run: Run): Promise<void> {
  const release = RELEASERS[resource.kind] as Releaser<K>;
  return release(resource, run);
}
