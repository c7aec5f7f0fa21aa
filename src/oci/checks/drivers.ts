/** Drivers that are installed in the kernel of a VM, and the tool that lists its devices. */
import { type Finding, pointer } from '../../domain/finding.ts';
import { ANNOTATION, annotationPointer } from '../annotations.ts';
import { DEVICE_ID_TYPE } from '../devices.ts';
import { gpuDriverDisk, kernelDriverPaths } from '../kernelDrivers.ts';
import type { OciSpec } from '../spec.ts';
import { VM_ANNOTATION } from '../vm/annotationNames.ts';
import type { ValidationInput } from './input.ts';

function isMissing(path: string, { evidence }: ValidationInput): boolean {
  return path === '' || evidence.paths[path] === 'missing';
}

function missingDrivers(input: ValidationInput): Finding[] {
  return kernelDriverPaths(input.spec)
    .filter((path) => isMissing(path, input))
    .map((path) => ({
      code: 'driver-missing',
      pointer: annotationPointer(ANNOTATION.kernelDrivers),
      message: `the driver ${path === '' ? "''" : path} does not exist on the host`,
      hint: 'The annotation lists paths, with commas between them and no blanks.',
    }));
}

function gpuIndex(spec: OciSpec): number {
  return (spec.windows?.devices ?? []).findIndex(({ idType }) => idType === DEVICE_ID_TYPE.gpu);
}

/** Whether a Linux container gets a GPU, for which its guest needs drivers. */
export function hasGpu(spec: OciSpec): boolean {
  return gpuIndex(spec) >= 0;
}

function gpuFindings(input: ValidationInput): Finding[] {
  const { spec, settings } = input;
  if (settings.vm?.guest !== 'linux' || !hasGpu(spec)) return [];
  const disk = gpuDriverDisk(spec);
  const hint = `Name the disk with the drivers of the GPU in ${VM_ANNOTATION.gpuVhdPath}.`;
  if (disk === '') {
    const at = pointer('spec', 'windows', 'devices', gpuIndex(spec));
    return [{ code: 'gpu-vhd-not-named', pointer: at, message: 'there is a GPU, and no disk with its drivers', hint }];
  }
  if (!isMissing(disk, input)) return [];
  const at = annotationPointer(VM_ANNOTATION.gpuVhdPath);
  return [{ code: 'gpu-vhd-missing', pointer: at, message: `the disk ${disk} does not exist on the host`, hint }];
}

function deviceUtilFindings(input: ValidationInput): Finding[] {
  const { spec, settings } = input;
  const devices = spec.windows?.devices ?? [];
  const tool = settings.deviceUtil ?? '';
  if (settings.vm?.guest !== 'windows' || devices.length === 0 || !isMissing(tool, input)) return [];
  const where = tool === '' ? 'is not known' : `does not exist: ${tool}`;
  return [
    {
      code: 'device-util-missing',
      pointer: '/spec/windows/devices',
      message: `device-util.exe, which lists the devices of a Windows guest, ${where}`,
      hint: 'Put device-util.exe of hcsshim beside the program, or leave the devices out.',
    },
  ];
}

export function driverFindings(input: ValidationInput): readonly Finding[] {
  if (input.settings.vm === undefined) return [];
  return [...missingDrivers(input), ...gpuFindings(input), ...deviceUtilFindings(input)];
}
