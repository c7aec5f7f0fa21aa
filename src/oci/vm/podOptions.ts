import { win32 } from 'node:path';
import {
  BOOT_FILE,
  type LinuxVmOptions,
  type UtilityVmOptions,
  type WindowsVmOptions,
} from '../../domain/utilityVm.ts';
import { annotation, booleanAnnotation } from '../annotations.ts';
import { memorySizeInMb, processorSettings, storageQos } from '../resources.ts';
import type { OciSpec } from '../spec.ts';
import { VM_ANNOTATION } from './annotationNames.ts';
import { linuxVmOptions, type VmContext, windowsVmOptions } from './options.ts';
import { annotatedOptions, LINUX_ROWS, WINDOWS_ROWS } from './podTable.ts';

/** Of the pod: what its VM is called, who owns it, and the folder of its bundle. '' where nothing is given. */
export interface PodIdentity {
  readonly id: string;
  readonly owner: string;
  readonly bundle: string;
}

function isTrue(spec: OciSpec, name: (typeof VM_ANNOTATION)[keyof typeof VM_ANNOTATION]): boolean {
  const parsed = booleanAnnotation(spec, name);
  return typeof parsed === 'object' && parsed.value;
}

/** Annotations first, then the pod's Windows resources; what neither asks for keeps its default. */
function resourceOptions(spec: OciSpec) {
  const { count, limit, weight } = processorSettings(spec, VM_ANNOTATION);
  const { bandwidth, iops } = storageQos(spec, VM_ANNOTATION);
  const memory = memorySizeInMb(spec, VM_ANNOTATION);
  const asksForMemory = memory > 0 || (spec.windows?.resources?.memory?.limit ?? 0) > 0;
  return {
    ...(count > 0 ? { processorCount: count } : {}),
    ...(asksForMemory ? { memorySizeInMb: memory } : {}),
    processorLimit: limit,
    processorWeight: weight,
    storageBandwidth: bandwidth,
    storageIops: iops,
  };
}

/** The scratch of the VM lies in a folder of its own, beside that of the pod's container. */
function layersOf(spec: OciSpec): readonly string[] {
  const folders = spec.windows?.layerFolders ?? [];
  return folders.map((folder, index) => (index === folders.length - 1 ? win32.join(folder, 'vm') : folder));
}

function windowsPodOptions(spec: OciSpec, identity: PodIdentity, context: VmContext): WindowsVmOptions {
  const annotated = annotatedOptions(spec, WINDOWS_ROWS);
  const backed = annotated.devicesPhysicallyBacked === true ? { memoryOvercommit: false } : {};
  const { id, owner } = identity;
  return windowsVmOptions(
    { guest: 'windows', id, owner, layerFolders: layersOf(spec), ...resourceOptions(spec), ...annotated, ...backed },
    context,
  );
}

const INITRD = { rootType: 'initrd', rootFile: BOOT_FILE.initrd } as const;
const VHD = { rootType: 'vhd', rootFile: BOOT_FILE.vhd } as const;

function rootOptions(spec: OciSpec): Partial<LinuxVmOptions> {
  const type = annotation(spec, VM_ANNOTATION.rootType);
  if (type === 'initrd') return INITRD;
  return type === 'vhd' ? VHD : {};
}

/** UEFI cannot load a kernel that is not compressed. */
function withBootableKernel(options: LinuxVmOptions): LinuxVmOptions {
  return options.kernelDirect ? options : { ...options, kernelFile: BOOT_FILE.kernel };
}

/** Nothing of it may be paged or mapped from a file. */
function withPhysicalBacking(options: LinuxVmOptions): LinuxVmOptions {
  if (!options.devicesPhysicallyBacked) return options;
  return { ...options, ...INITRD, memoryOvercommit: false, vpmemDeviceCount: 0 };
}

/** A policy makes the VM confidential, unless the host is said to have no hardware for it. */
function withSecurityPolicy(options: LinuxVmOptions, spec: OciSpec): LinuxVmOptions {
  if (options.securityPolicy === '') return options;
  const encryption = booleanAnnotation(spec, VM_ANNOTATION.scratchEncryption);
  const guarded = { ...options, scratchEncryption: typeof encryption === 'object' ? encryption.value : true };
  if (isTrue(spec, VM_ANNOTATION.noSecurityHardware)) return guarded;
  return {
    ...guarded,
    confidential: true,
    vpmemDeviceCount: 0,
    guestStateFile: annotation(spec, VM_ANNOTATION.guestStateFile) ?? BOOT_FILE.guestState,
    kernelOptions: '',
    rootType: 'guestState',
    memoryOvercommit: false,
  };
}

function linuxPodOptions(spec: OciSpec, identity: PodIdentity, context: VmContext): LinuxVmOptions {
  const { id, owner, bundle } = identity;
  const asked = linuxVmOptions(
    {
      guest: 'linux',
      id,
      owner,
      bundleFolder: bundle,
      ...resourceOptions(spec),
      ...annotatedOptions(spec, LINUX_ROWS),
      ...rootOptions(spec),
    },
    context,
  );
  return withSecurityPolicy(withPhysicalBacking(withBootableKernel(asked)), spec);
}

/** The options of a pod's VM; undefined when the pod is to have none. `spec`: of `podAnnotations`. */
export function podVmOptions(spec: OciSpec, identity: PodIdentity, context: VmContext): UtilityVmOptions | undefined {
  if (spec.linux !== undefined) return linuxPodOptions(spec, identity, context);
  return spec.windows?.hyperv === undefined ? undefined : windowsPodOptions(spec, identity, context);
}
