/** Schema 1.0 with Hyper-V isolation: HCS makes a VM for the container, and mounts its layers in there by itself. */
import { win32 } from 'node:path';
import type { HostEvidence } from '../domain/host.ts';
import type { Settings } from '../domain/request.ts';
import type { OciSpec } from './spec.ts';

/** Whether HCS makes a VM for this container alone. */
export function hasOwnVm(spec: OciSpec, settings: Settings): boolean {
  return settings.schema === 'v1' && settings.vm === undefined && spec.windows?.hyperv !== undefined;
}

function imageIn(layerFolder: string): string {
  return win32.join(layerFolder, 'UtilityVM');
}

/** The folders that may be what the VM boots from, the first one that is there being it; none when the spec names it. */
export function utilityVmImageCandidates({ windows }: OciSpec): readonly string[] {
  return (windows?.hyperv?.utilityVMPath ?? '') === '' ? (windows?.layerFolders ?? []).map(imageIn) : [];
}

/** The folder that the VM boots from: the spec's, else that of the top-most layer with one; undefined: there is none. */
export function utilityVmImage(spec: OciSpec, evidence: HostEvidence): string | undefined {
  const given = spec.windows?.hyperv?.utilityVMPath ?? '';
  if (given !== '') return given;
  const isThere = (path: string) => evidence.paths[path] === 'directory' || evidence.paths[path] === 'file';
  return utilityVmImageCandidates(spec).find(isThere);
}
