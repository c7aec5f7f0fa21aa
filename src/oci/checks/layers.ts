import { type Finding, pointer } from '../../domain/finding.ts';
import { hasOwnVm, utilityVmImage } from '../hyperv.ts';
import { parentLayers } from '../layers.ts';
import type { OciSpec } from '../spec.ts';
import type { ValidationInput } from './input.ts';
import { linuxLayerFindings } from './vmLayers.ts';

function countFindings(spec: OciSpec): Finding[] {
  const at = '/spec/windows/layerFolders';
  const folders = spec.windows?.layerFolders ?? [];
  const hint = 'List the folders of the read-only layers, top-most first, and the scratch folder last.';
  if (folders.length === 0) {
    const apart = 'containerd hands them to its shim as the mount of the root file system, apart from the spec.';
    return [{ code: 'layers-missing', pointer: at, message: 'there are no layer folders', hint: `${hint} ${apart}` }];
  }
  if (folders.length > 1) return [];
  return [
    { code: 'layers-too-few', pointer: at, message: 'there is one layer folder: the scratch has no parent', hint },
  ];
}

/** Only where it was looked at: HCS looks when it mounts, but a share of a VM is made of a folder that is there. */
function folderFindings({ spec, evidence, request, settings }: ValidationInput): Finding[] {
  if (request.checkLayers !== true && settings.vm === undefined) return [];
  return parentLayers(spec).flatMap((folder, index) => {
    const found = evidence.paths[folder];
    if (found === undefined || found === 'directory') return [];
    return {
      code: found === 'missing' ? 'layer-missing' : 'layer-not-a-folder',
      pointer: pointer('spec', 'windows', 'layerFolders', index),
      message: `the layer ${folder} ${found === 'missing' ? 'does not exist on the host' : 'is a file'}`,
      hint: 'Unpack the image on this host first, or mend the path.',
    };
  });
}

function ownVmFindings({ spec, settings, evidence }: ValidationInput): Finding[] {
  if (!hasOwnVm(spec, settings) || utilityVmImage(spec, evidence) !== undefined) return [];
  return [
    {
      code: 'utility-vm-missing',
      pointer: '/spec/windows/hyperv',
      message: 'no layer has a UtilityVM folder in it to boot the VM from',
      hint: 'Name one in windows.hyperv.utilityVMPath, or use a base layer that has it.',
    },
  ];
}

/** What is wrong with the layers: how many there are, and whether they are there. */
export function layerFindings(input: ValidationInput): readonly Finding[] {
  const { spec, settings } = input;
  if (spec.linux !== undefined) return settings.vm === undefined ? [] : linuxLayerFindings(input);
  return [...countFindings(spec), ...folderFindings(input), ...ownVmFindings(input)];
}
