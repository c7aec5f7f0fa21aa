import type { Finding } from '../domain/finding.ts';
import type { CreateRequest, Settings } from '../domain/request.ts';
import type { VmTraits } from '../domain/utilityVm.ts';
import { unparsableAnnotations } from './annotations.ts';
import { containerFindings } from './checks/container.ts';
import { deviceFindings } from './checks/devices.ts';
import { driverFindings, hasGpu } from './checks/drivers.ts';
import { guestCommandFindings } from './checks/guestCommands.ts';
import type { ValidationInput } from './checks/input.ts';
import { mountFindings } from './checks/mounts.ts';
import { requestFindings, requestWarnings } from './checks/request.ts';
import { resourceFindings, resourceWarnings } from './checks/resources.ts';
import { vmLayerPaths } from './checks/vmLayers.ts';
import { utilityVmImageCandidates } from './hyperv.ts';
import { gpuDriverDisk, kernelDriverPaths } from './kernelDrivers.ts';
import { parentLayers } from './layers.ts';
import { isNamedPipe, isSandboxFolder, mountKindOf } from './mounts.ts';
import { deviceExtensionPaths } from './resources.ts';
import type { OciSpec } from './spec.ts';

export interface Validation {
  /** What has to be mended before anything can be done. */
  readonly findings: readonly Finding[];
  /** What the create does differently from what was probably meant. */
  readonly warnings: readonly Finding[];
}

type Known = Partial<Pick<Settings, 'vm' | 'schema' | 'deviceUtil'>>;

/** Where the validation looks for the sources of mounts, as the host has them. */
function mountPaths(spec: OciSpec, vm: VmTraits | undefined): readonly string[] {
  const mounts = (spec.mounts ?? []).filter(({ source = '' }) => source !== '' && !isNamedPipe(source));
  const onHost = mounts.filter((mount) => {
    const kind = vm === undefined ? 'share' : mountKindOf(mount, vm.guest);
    return kind === 'share' || (kind === 'virtualDisk' && !isSandboxFolder(mount.source ?? ''));
  });
  return onHost.flatMap(({ source }) => source ?? []);
}

/** The tools and drivers that a VM gets for this container. */
function driverPaths(spec: OciSpec, { vm, deviceUtil = '' }: Known): readonly string[] {
  const hasDevices = (spec.windows?.devices ?? []).length > 0;
  const tool = vm?.guest === 'windows' && hasDevices ? [deviceUtil] : [];
  const gpu = vm?.guest === 'linux' && hasGpu(spec) ? [gpuDriverDisk(spec)] : [];
  return vm === undefined ? [] : [...kernelDriverPaths(spec), ...tool, ...gpu];
}

function layerPaths(spec: OciSpec, { vm, schema }: Known, checkLayers: boolean): readonly string[] {
  if (vm !== undefined) return vmLayerPaths(spec);
  const images = schema === 'v1' && spec.windows?.hyperv !== undefined ? utilityVmImageCandidates(spec) : [];
  return [...(checkLayers ? parentLayers(spec) : []), ...images];
}

/** The host paths that the validation wants to know about: to look at, and to read. */
export function evidenceNeeded(
  spec: OciSpec,
  { checkLayers = false }: Pick<CreateRequest, 'checkLayers'> = {},
  settings: Known = {},
): { paths: readonly string[]; contents: readonly string[] } {
  const extensions = spec.linux === undefined ? deviceExtensionPaths(spec).filter((path) => path !== '') : [];
  const paths = [
    ...mountPaths(spec, settings.vm),
    ...extensions,
    ...layerPaths(spec, settings, checkLayers),
    ...driverPaths(spec, settings).filter((path) => path !== ''),
  ];
  return { paths, contents: extensions };
}

/** All that is wrong with a request, at once, and all that is remarkable. Reads nothing but its input. */
export function validateRequest(input: ValidationInput): Validation {
  return {
    findings: [
      ...requestFindings(input),
      ...containerFindings(input),
      ...resourceFindings(input),
      ...mountFindings(input),
      ...deviceFindings(input),
      ...driverFindings(input),
      ...guestCommandFindings(input),
    ],
    warnings: [...unparsableAnnotations(input.spec), ...requestWarnings(input), ...resourceWarnings(input)],
  };
}

/** Whether the finding is about something that one of `malformed` has taken out of the spec already. */
export function isFollowUp(finding: Finding, malformed: readonly Finding[]): boolean {
  return malformed.some(({ pointer }) => finding.pointer === pointer || finding.pointer.startsWith(`${pointer}/`));
}
