import type { LayerDescriptor } from '../../domain/allocations.ts';
import type { Allocated } from '../../machines/createContainer/contract.ts';
import { layerDisk, parentLayers, scratchDisk } from '../../oci/layers.ts';
import { nextContainerRoot } from '../../vm/attachments.ts';
import { attachCombinedLayers } from '../../vm/combinedLayers.ts';
import { linuxRootfs, linuxScratchOnSharedDisk } from '../../vm/guestPaths.ts';
import { attachLinuxLayer, attachWindowsLayer } from '../../vm/layers.ts';
import { attachPlan9 } from '../../vm/plan9.ts';
import type { ScsiDisk } from '../../vm/scsi.ts';
import { scratchFolderOf, specOf } from '../input.ts';
import type { Run } from '../run.ts';
import { attachToVm } from '../vmAttachments.ts';
import { attachDisk } from './disks.ts';
import { type HostedInput, hostedOf, learned, nextPath, placeFor, traitsOf } from './input.ts';
import { verityOfLayer } from './verity.ts';

const STEP = 'mountingLayers';

/** The scratch is mounted at `guestPath`, unless another container has it mounted already. */
async function attachScratch(run: Run, input: HostedInput, guestPath: string): Promise<ScsiDisk> {
  const file = scratchDisk(scratchFolderOf(input));
  const hostPath = await run.step(STEP, 'files.resolve', file, () => run.host.files.resolve(file));
  return attachDisk(run, placeFor(input, STEP, 'layers')(`scratch disk ${hostPath}`), {
    hostPath,
    type: 'VirtualDisk',
    readOnly: false,
    guestPath,
    encrypted: traitsOf(input).scratchEncryption,
  });
}

async function mountWindowsLayers(run: Run, input: HostedInput): Promise<Allocated> {
  const place = placeFor(input, STEP, 'layers');
  const containerRoot = await nextPath(run, input, STEP, nextContainerRoot);
  const layers: LayerDescriptor[] = [];
  for (const { id, path } of input.allocations.layers) {
    const { guestPath } = await attachToVm(run, place(`layer ${path}`), (state, holder) =>
      attachWindowsLayer(state, path, holder),
    );
    layers.push({ id, path: guestPath });
  }
  await attachScratch(run, input, containerRoot);
  const request = { rootPath: containerRoot, layers: layers.map(({ id, path }) => ({ Id: id, Path: path })) };
  await attachToVm(run, place(`combined layers at ${containerRoot}`), (state, holder) =>
    attachCombinedLayers(state, request, holder),
  );
  return learned(input, { containerRoot, rootPath: containerRoot, layers });
}

async function attachLinuxLayers(run: Run, input: HostedInput): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const folder of parentLayers(specOf(input))) {
    const hostPath = layerDisk(folder);
    const sizeInBytes = await run.step(STEP, 'files.size', hostPath, () => run.host.files.size(hostPath));
    const verity = await verityOfLayer(run, hostPath, sizeInBytes);
    const request = { hostPath, sizeInBytes, ...(verity === undefined ? {} : { verity }) };
    const place = placeFor(input, STEP, 'layers')(`layer ${hostPath}`);
    const layer = await attachToVm(run, place, (state, holder) => attachLinuxLayer(state, request, holder));
    paths.push(layer.guestPath);
  }
  return paths;
}

async function mountLinuxLayers(run: Run, input: HostedInput): Promise<Allocated> {
  const { containerRoot } = hostedOf(input);
  const layers = await attachLinuxLayers(run, input);
  const disk = await attachScratch(run, input, containerRoot);
  const isOwn = disk.guestPath === containerRoot;
  const scratchPath = isOwn ? containerRoot : linuxScratchOnSharedDisk(disk.guestPath ?? '', input.settings.id);
  const rootPath = linuxRootfs(containerRoot);
  const request = {
    rootPath,
    layers: layers.map((Path) => ({ Path })),
    containerId: input.settings.id,
    scratchPath,
  };
  await attachToVm(run, placeFor(input, STEP, 'layers')(`combined layers at ${rootPath}`), (state, holder) =>
    attachCombinedLayers(state, request, holder),
  );
  return learned(input, { rootPath, scratchPath });
}

/** A root file system that lies on the host as a folder is shared with the guest. */
async function shareLinuxRoot(run: Run, input: HostedInput): Promise<Allocated> {
  const { path: hostPath = '', readonly: readOnly = false } = specOf(input).root ?? {};
  const mountPath = linuxRootfs(hostedOf(input).containerRoot);
  const request = { hostPath, isFile: false, readOnly, mountPath };
  await attachToVm(run, placeFor(input, STEP, 'rest')(`root ${hostPath}`), (state, holder) =>
    attachPlan9(state, request, holder),
  );
  return learned(input, { rootPath: mountPath });
}

/** Gives the VM the layers and the scratch of the container, and has the guest put them together. */
export function mountLayersInVm(run: Run, input: HostedInput): Promise<Allocated> {
  if (traitsOf(input).guest === 'windows') return mountWindowsLayers(run, input);
  const hasLayers = (specOf(input).windows?.layerFolders ?? []).length > 0;
  return hasLayers ? mountLinuxLayers(run, input) : shareLinuxRoot(run, input);
}
