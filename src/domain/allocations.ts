import type { NamespaceId } from './ids.ts';

/** A read-only parent layer, top-most first; `id` is the host's NameToGuid of the folder's name. */
export interface LayerDescriptor {
  readonly id: string;
  readonly path: string;
}

/** The state of a credential guard instance, as HCS wants it back in the document. Cookie and spec are secrets. */
export interface CredentialGuardState {
  readonly Cookie: string;
  readonly RpcEndpoint: string;
  readonly Transport: 'LRPC' | 'HvSocket';
  readonly CredentialSpec: string;
}

/** What the steps before the document acquired or looked up for it. */
export interface Allocations {
  /** The namespace that the container joins; absent when it has none. */
  readonly networkNamespace?: NamespaceId;
  /** The volume of the mounted scratch, as the host named it. Absent: the spec's own root is used. */
  readonly volumePath?: string;
  readonly layers: readonly LayerDescriptor[];
  /** By index in `spec.mounts`: the resolved host path; null for a named pipe. */
  readonly mountSources: ReadonlyArray<string | null>;
  readonly credentialGuard?: CredentialGuardState;
  /** The parsed contents of the device extension files, in the order of the annotation. */
  readonly deviceExtensions: readonly object[];
  /** Schema 1.0 with Hyper-V isolation: the folder that HCS boots the container's own VM from. */
  readonly utilityVmImage?: string;
  /** Where things are in the guest of the hosting VM; absent for a container without one. */
  readonly hosted?: HostedAllocations;
}

/** What the steps of a container in a utility VM found out. All paths are those of the guest. */
export interface HostedAllocations {
  /** The root of the container in its VM: `C:\\c\\1`, `/run/gcs/c/ID`. */
  readonly containerRoot: string;
  /** The file system that the container sees: the combined layers, or the shared root of a Linux container. */
  readonly rootPath?: string;
  /** Linux: the folder that takes what the container writes. */
  readonly scratchPath?: string;
  /** Windows: the layers as the guest sees them, top-most first. */
  readonly layers: readonly LayerDescriptor[];
  /** By index in `spec.mounts`: where the guest finds the source; null where the document says nothing of it. */
  readonly mounts: ReadonlyArray<string | null>;
  /** What the devices of the spec have become in the VM: location paths, or VMBus GUIDs for a Linux guest. */
  readonly devices: ReadonlyArray<{ readonly id: string; readonly idType: string }>;
}
