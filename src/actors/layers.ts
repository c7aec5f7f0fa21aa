import { win32 } from 'node:path';
import type { LayerDescriptor } from '../domain/allocations.ts';
import type { Resource } from '../domain/resource.ts';
import type { StepName } from '../domain/step.ts';
import { HostError, isGone } from '../hcs/hostError.ts';
import type { Allocated, PreparedInput } from '../machines/createContainer/contract.ts';
import { scratchDisk } from '../oci/layers.ts';
import { Failure } from './faults.ts';
import { scratchFolderOf } from './input.ts';

import type { Run } from './run.ts';

async function stat(run: Run, step: StepName, path: string): Promise<'file' | 'directory' | 'missing'> {
  return run.step(step, 'files.stat', path, () => run.host.files.stat(path));
}

/** The topmost folder that has to be made for `path` to exist. */
async function topmostMissing(run: Run, path: string): Promise<string> {
  const parent = win32.dirname(path);
  if (parent === path || (await stat(run, 'creatingScratch', parent)) !== 'missing') return path;
  return topmostMissing(run, parent);
}

/** Makes the scratch folder and the scratch in it, each only where it is missing. */
export async function createScratch(run: Run, input: PreparedInput, layers: readonly LayerDescriptor[]): Promise<void> {
  const path = win32.normalize(scratchFolderOf(input));
  if ((await stat(run, 'creatingScratch', path)) === 'missing') {
    const folder: Resource<'scratchFolder'> = { kind: 'scratchFolder', path, made: await topmostMissing(run, path) };
    await run.acquire('creatingScratch', 'files.createFolder', folder, (intent) => run.host.files.createFolder(intent));
  }
  if ((await stat(run, 'creatingScratch', scratchDisk(path))) !== 'missing') return;
  const scratch: Resource<'scratchLayer'> = { kind: 'scratchLayer', path: scratchFolderOf(input) };
  await run.acquire('creatingScratch', 'layers.createScratch', scratch, (intent) =>
    run.host.layers.createScratch(intent, layers),
  );
}

/** A scratch that is mounted before we mount it is somebody else's. */
async function refuseMounted(run: Run, path: string): Promise<void> {
  try {
    await run.step('mountingLayers', 'layers.mountPath', path, () => run.host.layers.mountPath(path));
  } catch (error) {
    if (isGone(error) || (error instanceof HostError && error.failure.class === 'transient')) return;
    throw error;
  }
  throw new Failure({
    code: 'scratch-in-use',
    message: `the scratch layer ${path} is already mounted, by another container or by hand`,
    hint: 'Give each container a scratch folder of its own, or release the container that has this one.',
    step: 'mountingLayers',
    transient: false,
    resource: { description: `activated layer ${path}` },
  });
}

export async function activateLayer(run: Run, input: PreparedInput): Promise<void> {
  const path = scratchFolderOf(input);
  await refuseMounted(run, path);
  const layer: Resource<'activatedLayer'> = { kind: 'activatedLayer', path };
  await run.acquire('mountingLayers', 'layers.activate', layer, (intent) => run.host.layers.activate(intent));
}

export async function prepareLayer(run: Run, input: PreparedInput, layers: readonly LayerDescriptor[]): Promise<void> {
  const layer: Resource<'preparedLayer'> = { kind: 'preparedLayer', path: scratchFolderOf(input) };
  await run.acquire('mountingLayers', 'layers.prepare', layer, (intent) => run.host.layers.prepare(intent, layers));
}

export async function locateVolume(run: Run, input: PreparedInput): Promise<Allocated> {
  const path = scratchFolderOf(input);
  const volumePath = await run.step('mountingLayers', 'layers.mountPath', path, () => run.host.layers.mountPath(path));
  if (volumePath !== '') return { volumePath };
  throw new Failure({
    code: 'layer-mount-path-empty',
    message: `the host mounted the scratch layer ${path} but names no volume for it`,
    hint: 'Look at the disk (Get-Disk, Get-Volume) and at the event log VHDMP; a scratch that is not formatted does this.',
    step: 'mountingLayers',
    transient: false,
    resource: { description: `prepared layer ${path}` },
  });
}
