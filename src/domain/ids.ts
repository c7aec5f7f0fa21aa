declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The identifier of a container: the id of its compute system and of its credential guard instance. */
export type ContainerId = Branded<'ContainerId'>;
/** One run of the create statechart. */
export type ProvisionId = Branded<'ProvisionId'>;
/** One entry of the ledger. */
export type ResourceId = Branded<'ResourceId'>;
/** An HCN namespace: a GUID, as the request or the host spells it. */
export type NamespaceId = Branded<'NamespaceId'>;
/** A utility VM: the id of its compute system. */
export type VmId = Branded<'VmId'>;
/** What a run makes: the id of its compute system. */
export type SystemId = ContainerId | VmId;

/** An HCN endpoint: a GUID as the request spells it. */
export type EndpointId = Branded<'EndpointId'>;

/** @throws {RangeError} when `raw` is empty or holds a NUL character, which no HCS call can carry. */
function checked(what: string, raw: string): string {
  if (raw === '' || raw.includes('\0')) {
    throw new RangeError(`${what} must be a non-empty string without NUL characters`);
  }
  return raw;
}

export const containerId = (raw: string): ContainerId => checked('A container id', raw) as ContainerId;
export const provisionId = (raw: string): ProvisionId => checked('A provision id', raw) as ProvisionId;
export const resourceId = (raw: string): ResourceId => checked('A resource id', raw) as ResourceId;
export const namespaceId = (raw: string): NamespaceId => checked('A namespace id', raw) as NamespaceId;
export const vmId = (raw: string): VmId => checked('The id of a utility VM', raw) as VmId;
export const endpointId = (raw: string): EndpointId => checked('An endpoint id', raw) as EndpointId;
