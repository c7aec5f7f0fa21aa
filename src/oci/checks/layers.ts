import { type Finding, pointer } from '../../domain/finding.ts';
import { parentLayers } from '../layers.ts';
import type { OciSpec } from '../spec.ts';
import type { ValidationInput } from './input.ts';

function countFindings(spec: OciSpec): Finding[] {
  if (spec.linux !== undefined) return [];
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

/** Only where the request asks for it: otherwise nothing was looked at. */
function folderFindings({ spec, evidence, request }: ValidationInput): Finding[] {
  if (request.checkLayers !== true) return [];
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

/** What is wrong with the layers: how many there are, and whether they are there. */
export function layerFindings(input: ValidationInput): readonly Finding[] {
  return [...countFindings(input.spec), ...folderFindings(input)];
}
