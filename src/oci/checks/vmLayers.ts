/** What a VM needs of the layers of a container in it. */
import { type Finding, pointer } from '../../domain/finding.ts';
import { layerDisk, parentLayers, scratchDisk, scratchFolder, sharedRoot } from '../layers.ts';
import type { OciSpec } from '../spec.ts';
import type { ValidationInput } from './input.ts';

const at = (index: number) => pointer('spec', 'windows', 'layerFolders', index);

/** The host paths that the layers in a VM are made of. */
export function vmLayerPaths(spec: OciSpec): readonly string[] {
  if (spec.linux === undefined) return parentLayers(spec);
  const scratch = scratchFolder(spec);
  const root = sharedRoot(spec);
  return [
    ...parentLayers(spec).map(layerDisk),
    ...(scratch === undefined ? [] : [scratchDisk(scratch)]),
    ...(root === undefined ? [] : [root]),
  ];
}

function layerDiskFindings({ spec, evidence }: ValidationInput): Finding[] {
  return parentLayers(spec).flatMap((folder, index) => {
    if (evidence.paths[layerDisk(folder)] !== 'missing') return [];
    return {
      code: 'layer-disk-missing',
      pointer: at(index),
      message: `the layer ${folder} has no layer.vhd in it`,
      hint: 'Unpack the image as a Linux image first: each of its layers is a disk.',
    };
  });
}

function scratchFindings({ spec, evidence }: ValidationInput): Finding[] {
  const scratch = scratchFolder(spec);
  if (scratch === undefined || evidence.paths[scratchDisk(scratch)] !== 'missing') return [];
  return [
    {
      code: 'scratch-missing',
      pointer: at(parentLayers(spec).length),
      message: `the scratch folder ${scratch} has no sandbox.vhdx in it, and none is made for a Linux container`,
      hint: 'Put a formatted disk there, or a link to the one that the container is to share.',
    },
  ];
}

function sharedRootFindings({ spec, evidence, settings }: ValidationInput): Finding[] {
  const root = sharedRoot(spec);
  if (root === undefined) return [];
  const missing: Finding = {
    code: 'root-missing',
    pointer: '/spec/root/path',
    message: `the root folder ${root} does not exist on the host`,
    hint: 'Make it before the create, or list layers in windows.layerFolders.',
  };
  const writable: Finding = {
    code: 'mount-writable-denied',
    pointer: '/spec/root/readonly',
    message: `the VM denies writable shares, and the root folder ${root} is to be one`,
    hint: 'Set root.readonly to true.',
  };
  const isDenied = settings.vm?.writableFileShares === false && spec.root?.readonly !== true;
  return [...(evidence.paths[root] === 'missing' ? [missing] : []), ...(isDenied ? [writable] : [])];
}

function nothingToRun({ spec }: ValidationInput): Finding[] {
  if (scratchFolder(spec) !== undefined || sharedRoot(spec) !== undefined) return [];
  return [
    {
      code: 'layers-missing',
      pointer: '/spec/windows/layerFolders',
      message: 'there are neither layer folders nor a root path',
      hint: 'List the folders of the layers, top-most first, and the scratch folder last; or name a folder in root.path.',
    },
  ];
}

/** What is wrong with the disks of a Linux container. */
export function linuxLayerFindings(input: ValidationInput): readonly Finding[] {
  return [...nothingToRun(input), ...layerDiskFindings(input), ...scratchFindings(input), ...sharedRootFindings(input)];
}
