import type { Fault } from './fault.ts';
import type { ContainerId, EndpointId, NamespaceId, ResourceId, VmId } from './ids.ts';
import type { Phase } from './step.ts';

/** What a container needs a VM for: it decides when in a release its attachment is given back. */
export type VmPart = 'network' | 'layers' | 'rest';

/** What a create can acquire on a host, and what it takes to find each thing again. Nothing in here is a secret. */
export interface ResourceIdentities {
  /** A folder for the scratch that did not exist; `made` is the topmost folder that had to be made for it. */
  readonly scratchFolder: { readonly path: string; readonly made: string };
  /** The scratch layer: `sandbox.vhdx` in `path`. */
  readonly scratchLayer: { readonly path: string };
  readonly namespace: { readonly id: NamespaceId; readonly owner: string; readonly name: string };
  readonly namespaceEndpoint: { readonly namespace: NamespaceId; readonly endpoint: EndpointId };
  /** A scratch layer whose disk is mounted on the host. */
  readonly activatedLayer: { readonly path: string };
  /** An activated layer whose filter shows it together with its parents. */
  readonly preparedLayer: { readonly path: string };
  readonly credentialGuard: { readonly id: ContainerId };
  /** `vm`: the VM that hosts it. */
  readonly computeSystem: { readonly id: ContainerId; readonly schema: 'v1' | 'v2'; readonly vm?: VmId };
  readonly utilityVm: { readonly id: VmId };
  /** A file that was copied for a VM; `kept`: its caller's, once the VM has been there. */
  readonly vmFile: { readonly path: string; readonly kept?: true };
  /** The right of every VM to a file or folder. */
  readonly vmGroupAccess: { readonly path: string };
  /** The right of one VM to a file; it may be held by several containers in that VM. */
  readonly vmAccess: { readonly vm: VmId; readonly path: string; readonly part: VmPart };
  /**
   * A place in a VM that is held under the id of the ledger entry: a disk, a share, a layer, a NIC, ... `what` is for
   * people; what has to be taken off is found by the holder, in what the VM has attached.
   */
  readonly vmAttachment: { readonly vm: VmId; readonly what: string; readonly part: VmPart };
}

export type ResourceKind = keyof ResourceIdentities;

/** A resource by kind and identity. */
export type Resource<K extends ResourceKind = ResourceKind> = {
  [Kind in K]: { readonly kind: Kind } & ResourceIdentities[Kind];
}[K];

/**
 * The life of a ledger entry. `intended`: written down, the call may or may not have happened. `held`: ours.
 * `refused`: the host answered that it is somebody else's, so never ours. `released`: gone. `handedOver`: kept by the
 * caller. `residue`: could not be released. `waived`: residue that the caller took upon themselves.
 */
export type ResourceState = 'intended' | 'held' | 'refused' | 'released' | 'handedOver' | 'residue' | 'waived';

/** One line of what a provision owns: plain data, enough to release it from another process. */
export interface LedgerEntry {
  readonly id: ResourceId;
  /** Position in the order of acquisition, from 0. */
  readonly order: number;
  readonly resource: Resource;
  /** The step that acquired it. */
  readonly step: Phase;
  readonly state: ResourceState;
  /** How often its release was tried. */
  readonly attempts: number;
  /** Why the last release failed. */
  readonly fault?: Fault;
  /** The VM that it was in: it went away together with that, and nobody had to take it off. */
  readonly wentWith?: VmId;
}

const DESCRIPTIONS: { readonly [K in ResourceKind]: (resource: Resource<K>) => string } = {
  scratchFolder: (r) => `scratch folder ${r.path}`,
  scratchLayer: (r) => `scratch layer ${r.path}`,
  namespace: (r) => `namespace ${r.id}`,
  namespaceEndpoint: (r) => `endpoint ${r.endpoint} in namespace ${r.namespace}`,
  activatedLayer: (r) => `activated layer ${r.path}`,
  preparedLayer: (r) => `prepared layer ${r.path}`,
  credentialGuard: (r) => `credential guard instance ${r.id}`,
  computeSystem: (r) => `compute system ${r.id}`,
  utilityVm: (r) => `utility VM ${r.id}`,
  vmFile: (r) => `file ${r.path}`,
  vmGroupAccess: (r) => `access of all VMs to ${r.path}`,
  vmAccess: (r) => `access of VM ${r.vm} to ${r.path}`,
  vmAttachment: (r) => `${r.what} in VM ${r.vm}`,
};

/** The resource in a few words, for messages. */
export function describeResource<K extends ResourceKind>(resource: Resource<K>): string {
  const describe = DESCRIPTIONS[resource.kind] as (resource: Resource<K>) => string;
  return describe(resource);
}

/** Whether the entry still stands for something on the host (or for something that may be there). */
export function isAlive(entry: LedgerEntry): boolean {
  return entry.state === 'intended' || entry.state === 'held' || entry.state === 'residue';
}

const VM_PART_GROUP: { readonly [P in VmPart]: number } = { network: 1, rest: 2, layers: 3 };

/**
 * The seed's order: what runs; then the network of the VM; then what was acquired, in reverse; then the layers; then
 * the scratch that they lay on.
 */
const RELEASE_GROUP: { readonly [K in ResourceKind]: (resource: Resource<K>) => number } = {
  computeSystem: () => 0,
  utilityVm: () => 0,
  vmAttachment: ({ part }) => VM_PART_GROUP[part],
  vmAccess: ({ part }) => VM_PART_GROUP[part],
  credentialGuard: () => 2,
  namespaceEndpoint: () => 2,
  namespace: () => 2,
  preparedLayer: () => 3,
  activatedLayer: () => 3,
  vmGroupAccess: () => 4,
  vmFile: () => 4,
  scratchLayer: () => 4,
  scratchFolder: () => 4,
};

function releaseGroup<K extends ResourceKind>(resource: Resource<K>): number {
  const group = RELEASE_GROUP[resource.kind] as (resource: Resource<K>) => number;
  return group(resource);
}

/** The entries that are still alive, in the order in which they must be released. */
export function releaseOrder(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return entries
    .filter(isAlive)
    .sort((a, b) => releaseGroup(a.resource) - releaseGroup(b.resource) || b.order - a.order);
}
