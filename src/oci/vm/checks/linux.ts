import type { Finding } from '../../../domain/finding.ts';
import { BUILD } from '../../../domain/host.ts';
import { type LinuxVmOptions, SCSI_CONTROLLER_IDS } from '../../../domain/utilityVm.ts';
import { scsiControllers } from '../traits.ts';
import type { VmCheckInput } from './input.ts';

type Input = VmCheckInput<LinuxVmOptions>;

const SCSI_CONTROLLERS_MAX = SCSI_CONTROLLER_IDS.length;
const VPMEM_DEVICES_MAX = 128;
const PAGE_BYTES = 4096;

function controllerFindings({ options, facts, at }: Input): Finding[] {
  const finding = (message: string, hint: string): Finding[] => [
    { code: 'scsi-controller-count', pointer: at('scsiControllerCount'), message, hint },
  ];
  if (options.scsiControllerCount > SCSI_CONTROLLERS_MAX) {
    return finding(
      `a VM has ${SCSI_CONTROLLERS_MAX} SCSI controllers at most, and ${options.scsiControllerCount} are asked for`,
      `Ask for ${SCSI_CONTROLLERS_MAX} or fewer; each takes 64 disks.`,
    );
  }
  const bootsFromScsi = !options.confidential && options.rootType === 'vhd' && options.vpmemDeviceCount === 0;
  if (!bootsFromScsi || scsiControllers(options, facts) > 0) return [];
  return finding('the VM boots from a disk and has neither VPMem nor SCSI for it', 'Ask for one SCSI controller.');
}

function vpmemFindings({ options: { vpmemDeviceCount, vpmemSizeBytes }, at }: Input): Finding[] {
  const findings: Finding[] = [];
  if (vpmemDeviceCount > VPMEM_DEVICES_MAX) {
    findings.push({
      code: 'vpmem-count',
      pointer: at('vpmemDeviceCount'),
      message: `a VM has ${VPMEM_DEVICES_MAX} VPMem devices at most, and ${vpmemDeviceCount} are asked for`,
      hint: `Ask for ${VPMEM_DEVICES_MAX} or fewer; 0 puts the layers on SCSI.`,
    });
  }
  if (vpmemSizeBytes <= 0 || vpmemSizeBytes % PAGE_BYTES !== 0) {
    findings.push({
      code: 'vpmem-size-invalid',
      pointer: at('vpmemSizeBytes'),
      message: `a VPMem device cannot hold ${vpmemSizeBytes} bytes, only whole pages of ${PAGE_BYTES}`,
      hint: 'Leave the size out for 4 GB, or give a multiple of 4096.',
    });
  }
  return findings;
}

const SINCE = [
  {
    option: 'kernelDirect',
    code: 'kernel-direct-unsupported',
    build: BUILD.kernelDirect,
    what: 'loads a kernel itself',
  },
  {
    option: 'coldDiscardHint',
    code: 'cold-discard-hint-unsupported',
    build: BUILD.coldDiscardHint,
    what: 'takes cold pages back from a guest',
  },
] as const;

function unsupportedFindings({ options, facts, at }: Input): Finding[] {
  return SINCE.filter(({ option, build }) => options[option] && facts.build < build).map(
    ({ option, code, build, what }) => ({
      code,
      pointer: at(option),
      message: `HCS ${what} from build ${build} on, and this is ${facts.build}`,
      hint: 'Leave it out, or use a newer host.',
    }),
  );
}

export function linuxFindings(input: Input): readonly Finding[] {
  return [...controllerFindings(input), ...vpmemFindings(input), ...unsupportedFindings(input)];
}
