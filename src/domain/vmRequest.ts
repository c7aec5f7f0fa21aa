import type { Lifetime } from './lifetime.ts';
import type { UtilityVmRequest } from './utilityVm.ts';

/** What containerd's configuration says about every pod, in its words. A pod's own annotations come first. */
export interface ShimOptions {
  readonly bootFilesRootPath?: string;
  readonly vmProcessorCount?: number;
  readonly vmMemorySizeInMB?: number;
  readonly ncProxyAddr?: string;
  readonly gpuVhdPath?: string;
  readonly defaultContainerAnnotations?: Readonly<Record<string, string>>;
}

/** The VM that a pod asks for. */
export interface PodVmAsked {
  /** The OCI spec of the pod's first container, which is validated and never written to. */
  readonly podSpec: unknown;
  /** Default: a new GUID. */
  readonly id?: string | undefined;
  /** Default: the provisioner's. */
  readonly owner?: string | undefined;
  /** The folder of the pod's bundle. */
  readonly bundle?: string | undefined;
  readonly shimOptions?: ShimOptions | undefined;
  /** Default: `process`. */
  readonly lifetime?: Lifetime | undefined;
}

/** A utility VM, said in options of its own or by the pod that is to run in it. */
export type CreateVmRequest = UtilityVmRequest | PodVmAsked;

export function isPodVm(request: CreateVmRequest): request is PodVmAsked {
  return 'podSpec' in request;
}

/** What the defaults of VMs are on this host. */
export interface VmDefaults {
  /** Folders in which Linux boot files may lie, the preferred one first. */
  readonly bootFolders: readonly string[];
  /** How much the guest's agent logs: `info`, `debug`, ... */
  readonly logLevel: string;
  /** Whether guests keep secrets out of their logs. */
  readonly scrubLogs: boolean;
}

export const VM_DEFAULTS: VmDefaults = {
  bootFolders: ['C:\\Program Files\\Linux Containers'],
  logLevel: 'info',
  scrubLogs: false,
};
