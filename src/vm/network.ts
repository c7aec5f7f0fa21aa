/** Network namespaces in a guest, and the NICs in them. */
import type { ModifySettingRequest } from '../domain/modifyRequest.ts';
import { present } from '../domain/present.ts';
import type { Guest } from './guestPaths.ts';
import { type Held, replaced } from './holders.ts';
import { addNic, type HnsEndpoint, removeNic } from './nicRequests.ts';
import { type Attached, attachedBefore, attachedNow, type Detached, joined, left, type Refused } from './outcome.ts';

export interface NamespaceRequest {
  readonly id: string;
  /** The namespace as HCN describes it; a Windows guest gets it like this. */
  readonly settings: object;
}

export interface NicRequest {
  readonly namespace: string;
  /** The id of the adapter, chosen by the caller; not used when the endpoint has its NIC already. */
  readonly nicId: string;
  readonly endpoint: HnsEndpoint;
}

export interface Nic extends Omit<NicRequest, 'namespace'>, Held {}

/** A namespace is needed by who holds it and by who holds a NIC in it; its own holders may be none. */
export interface GuestNamespace extends NamespaceRequest, Held {
  readonly nics: readonly Nic[];
}

/** A NIC is found by its endpoint: that has one NIC in a namespace. */
export interface NicLocation {
  readonly namespace: string;
  readonly endpointId: string;
}

export interface NetworkPart {
  readonly guest: Guest;
  readonly network: { readonly namespaces: readonly GuestNamespace[] };
}

function withNamespaces<S extends NetworkPart>(attachments: S, namespaces: readonly GuestNamespace[]): S {
  return { ...attachments, network: { namespaces } };
}

/** Makes the namespace known to the guest. A Linux guest makes it when its first NIC comes. */
export function attachNamespace<S extends NetworkPart>(
  attachments: S,
  { id, settings }: NamespaceRequest,
  holder: string,
): Attached<S, GuestNamespace> {
  const { guest, network } = attachments;
  const existing = network.namespaces.find((one) => one.id === id);
  if (existing !== undefined) {
    return attachedBefore(withNamespaces(attachments, joined(network.namespaces, existing, holder)), existing);
  }
  const namespace: GuestNamespace = { id, settings, holders: [holder], nics: [] };
  const state = withNamespaces(attachments, [...network.namespaces, namespace]);
  return attachedNow(state, namespace, guest === 'windows' ? [addNamespace(namespace)] : []);
}

/** Gives an endpoint a NIC in a namespace that is attached. */
export function attachNic<S extends NetworkPart>(
  attachments: S,
  { namespace: id, nicId, endpoint }: NicRequest,
  holder: string,
): Attached<S, Nic> | Refused {
  const { guest, network } = attachments;
  const namespace = network.namespaces.find((one) => one.id === id);
  if (namespace === undefined) return { kind: 'refused', because: 'namespaceNotAttached' };
  const existing = namespace.nics.find((one) => one.endpoint.ID === endpoint.ID);
  const nic: Nic = existing ?? { nicId, endpoint, holders: [holder] };
  const nics = existing === undefined ? [...namespace.nics, nic] : joined(namespace.nics, existing, holder);
  const state = withNamespaces(attachments, replaced(network.namespaces, namespace, { ...namespace, nics }));
  return existing === undefined ? attachedNow(state, nic, addNic(guest, id, nic)) : attachedBefore(state, nic);
}

/** The state with `namespace` changed, or without it when nobody needs it any more. */
function settled<S extends NetworkPart>(
  attachments: S,
  namespace: GuestNamespace,
  changed: GuestNamespace,
): { readonly attachments: S; readonly isGone: boolean; readonly modify: readonly ModifySettingRequest[] } {
  const isGone = changed.holders.length === 0 && changed.nics.length === 0;
  const namespaces = replaced(attachments.network.namespaces, namespace, isGone ? undefined : changed);
  const modify = isGone && attachments.guest === 'windows' ? [removeNamespace(namespace)] : [];
  return { attachments: withNamespaces(attachments, namespaces), isGone, modify };
}

/** `holder` needs the NIC no more; it is removed when nobody does, and the namespace with it when nobody needs that. */
export function detachNic<S extends NetworkPart>(attachments: S, where: NicLocation, holder: string): Detached<S> {
  const namespace = attachments.network.namespaces.find(({ id }) => id === where.namespace);
  const nic = namespace?.nics.find(({ endpoint }) => endpoint.ID === where.endpointId);
  if (namespace === undefined || nic === undefined) return { attachments, isLast: false, modify: [] };
  const { list: nics, gone } = left(namespace.nics, nic, holder);
  if (nics === namespace.nics) return { attachments, isLast: false, modify: [] };
  const { attachments: state, modify } = settled(attachments, namespace, { ...namespace, nics });
  if (gone === undefined) return { attachments: state, isLast: false, modify };
  return { attachments: state, isLast: true, modify: [removeNic(attachments.guest, namespace.id, gone), ...modify] };
}

/** `holder` needs the namespace no more; it is removed when nobody does, and no NIC in it is held. */
export function detachNamespace<S extends NetworkPart>(
  attachments: S,
  where: Pick<GuestNamespace, 'id'>,
  holder: string,
): Detached<S> {
  const namespace = attachments.network.namespaces.find(({ id }) => id === where.id);
  if (namespace?.holders.includes(holder) !== true) return { attachments, isLast: false, modify: [] };
  const holders = namespace.holders.filter((one) => one !== holder);
  const { attachments: state, isGone, modify } = settled(attachments, namespace, { ...namespace, holders });
  return { attachments: state, isLast: isGone, modify };
}

function namespaceRequest(verb: 'Add' | 'Remove', settings: object): ModifySettingRequest {
  return { GuestRequest: { RequestType: verb, ResourceType: 'NetworkNamespace', Settings: present({ ...settings }) } };
}

/** For a Windows guest. */
export function addNamespace({ settings }: Pick<NamespaceRequest, 'settings'>): ModifySettingRequest {
  return namespaceRequest('Add', settings);
}

/** For a Windows guest. */
export function removeNamespace({ settings }: Pick<NamespaceRequest, 'settings'>): ModifySettingRequest {
  return namespaceRequest('Remove', settings);
}
