import type { Finding } from '../../../domain/finding.ts';
import type { WindowsVmOptions } from '../../../domain/utilityVm.ts';
import { locateImageLayer } from '../evidence.ts';
import { exists, scratchDisk, scratchTemplate } from '../paths.ts';
import type { VmCheckInput } from './input.ts';

type Input = VmCheckInput<WindowsVmOptions>;

function scratchFindings({ options, evidence, at }: Input, imageLayer: string): Finding[] {
  const template = scratchTemplate(imageLayer);
  if (exists(evidence, scratchDisk(options)) || exists(evidence, template)) return [];
  return [
    {
      code: 'scratch-template-missing',
      pointer: at('layerFolders'),
      message: `the VM has no scratch, and there is no ${template} to make one from`,
      hint: 'Import the base layer again, or put a scratch disk (sandbox.vhdx) into the last of the layer folders.',
    },
  ];
}

function layerFindings(input: Input): Finding[] {
  const { options, evidence, at } = input;
  if (options.layerFolders.length < 2) {
    return [
      {
        code: 'vm-layers-too-few',
        pointer: at('layerFolders'),
        message: `a Windows VM needs two layer folders at least, and there are ${options.layerFolders.length}`,
        hint: 'List the folders of the read-only layers, top-most first, and the scratch folder last.',
      },
    ];
  }
  const imageLayer = locateImageLayer(options, evidence);
  if (imageLayer !== undefined) return scratchFindings(input, imageLayer);
  return [
    {
      code: 'utility-vm-folder-missing',
      pointer: at('layerFolders'),
      message: 'none of the layer folders has a UtilityVM folder to boot the VM from',
      hint: 'Use an image whose base layer supports Hyper-V isolation, and list that layer too.',
    },
  ];
}

function controllerFindings({ options, at }: Input): Finding[] {
  if (options.scsiControllerCount === 1) return [];
  return [
    {
      code: 'scsi-controller-count',
      pointer: at('scsiControllerCount'),
      message: `a Windows VM has exactly one SCSI controller, and ${options.scsiControllerCount} are asked for`,
      hint: 'Leave the number of SCSI controllers out.',
    },
  ];
}

function dumpFindings({ options: { crashDumpFolder }, evidence, at }: Input): Finding[] {
  if (crashDumpFolder === '' || evidence.paths[crashDumpFolder] === 'directory') return [];
  const what = exists(evidence, crashDumpFolder) ? 'is not a folder' : 'does not exist on the host';
  return [
    {
      code: 'dump-directory-missing',
      pointer: at('crashDumpFolder'),
      message: `the folder for crash dumps, ${crashDumpFolder}, ${what}`,
      hint: 'Make it before the create, or mend the path.',
    },
  ];
}

export function windowsFindings(input: Input): readonly Finding[] {
  return [...controllerFindings(input), ...layerFindings(input), ...dumpFindings(input)];
}
