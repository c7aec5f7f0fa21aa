/** Network namespaces in a guest, and the NICs in them. */
import type { ModifySettingRequest } from '../domain/modifyRequest.ts';
import { present } from '../domain/present.ts';
import type { Guest } from './guestPaths.ts';
import { type Held, heldBy, replaced } from './holders.ts';
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

/** Gives an endpoint a NIC in a namespace that is attached. Who holds a NIC holds its namespace. */
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
  const grown = { ...heldBy(namespace, holder), nics };
  const state = withNamespaces(attachments, replaced(network.namespaces, namespace, grown));
  return existing === undefined ? attachedNow(state, nic, addNic(guest, id, nic)) : attachedBefore(state, nic);
}

/** `holder` needs the NIC no more, but still the namespace; the NIC is removed when nobody needs it. */
export function detachNic<S extends NetworkPart>(attachments: S, where: NicLocation, holder: string): Detached<S> {
  const { guest, network } = attachments;
  const namespace = network.namespaces.find(({ id }) => id === where.namespace);
  const nic = namespace?.nics.find(({ endpoint }) => endpoint.ID === where.endpointId);
  if (namespace === undefined || nic === undefined) return { attachments, isLast: false, modify: [] };
  const { list: nics, gone } = left(namespace.nics, nic, holder);
  if (nics === namespace.nics) return { attachments, isLast: false, modify: [] };
  return {
    attachments: withNamespaces(attachments, replaced(network.namespaces, namespace, { ...namespace, nics })),
    isLast: gone !== undefined,
    modify: gone === undefined ? [] : [removeNic(guest, namespace.id, gone)],
  };
}

/** `holder` leaves the namespace with all its NICs; what nobody else needs is removed, NICs first. */
export function detachNamespace<S extends NetworkPart>(
  attachments: S,
  where: Pick<GuestNamespace, 'id'>,
  holder: string,
): Detached<S> {
  const namespace = attachments.network.namespaces.find(({ id }) => id === where.id);
  if (namespace === undefined) return { attachments, isLast: false, modify: [] };
  let state = attachments;
  const modify: ModifySettingRequest[] = [];
  for (const { endpoint } of namespace.nics) {
    const detached = detachNic(state, { namespace: namespace.id, endpointId: endpoint.ID }, holder);
    state = detached.attachments;
    modify.push(...detached.modify);
  }
  const { namespaces } = state.network;
  const remaining = namespaces.find(({ id }) => id === where.id);
  const { list, gone } = left(namespaces, remaining, holder);
  if (gone !== undefined && state.guest === 'windows') modify.push(removeNamespace(gone));
  return { attachments: list === namespaces ? state : withNamespaces(state, list), isLast: gone !== undefined, modify };
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
