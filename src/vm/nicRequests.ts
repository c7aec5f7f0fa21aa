/** The requests that give a VM a NIC and take it away. */
import type { ModifySettingRequest, ModifyVerb } from '../domain/modifyRequest.ts';
import { present } from '../domain/present.ts';
import type { Guest } from './guestPaths.ts';

/** An endpoint as the host's network service describes it: what a guest is told of it, and whatever else there is. */
export interface HnsEndpoint {
  readonly ID: string;
  readonly MacAddress?: string;
  readonly IPAddress?: string;
  readonly PrefixLength?: number;
  readonly GatewayAddress?: string;
  readonly IPv6Address?: string;
  readonly IPv6PrefixLength?: number;
  readonly GatewayAddressV6?: string;
  readonly DNSSuffix?: string;
  readonly DNSServerList?: string;
  readonly EnableLowMetric?: boolean;
  readonly EncapOverhead?: number;
}

export interface NicSettings {
  readonly nicId: string;
  readonly endpoint: HnsEndpoint;
}

const UNSPECIFIED = '::';

/** The address in its shortest spelling; undefined when it is none, or stands for no address. */
function ipv6(address: string | undefined): string | undefined {
  const url = `http://[${address}]`;
  const shortest = URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : UNSPECIFIED;
  return shortest === UNSPECIFIED ? undefined : shortest;
}

function linuxAdapter(namespace: string, { nicId, endpoint }: NicSettings): object {
  const address = ipv6(endpoint.IPv6Address);
  const overIpv6 =
    address === undefined
      ? {}
      : {
          IPv6Address: address,
          IPv6PrefixLength: endpoint.IPv6PrefixLength,
          IPv6GatewayAddress: endpoint.GatewayAddressV6,
        };
  return present({
    NamespaceID: namespace,
    ID: nicId,
    MacAddress: endpoint.MacAddress,
    IPAddress: endpoint.IPAddress,
    PrefixLength: endpoint.PrefixLength,
    GatewayAddress: endpoint.GatewayAddress,
    ...overIpv6,
    DNSSuffix: endpoint.DNSSuffix,
    DNSServerList: endpoint.DNSServerList,
    EnableLowMetric: endpoint.EnableLowMetric,
    EncapOverhead: endpoint.EncapOverhead,
  });
}

function hostRequest(verb: ModifyVerb, { nicId, endpoint }: NicSettings): ModifySettingRequest {
  return {
    ResourcePath: `VirtualMachine/Devices/NetworkAdapters/${nicId}`,
    RequestType: verb,
    Settings: present({ EndpointId: endpoint.ID, MacAddress: endpoint.MacAddress }),
  };
}

/** A Windows guest is told of the endpoint before the adapter comes; a Linux guest learns all when it comes. */
export function addNic(guest: Guest, namespace: string, nic: NicSettings): readonly ModifySettingRequest[] {
  const { nicId, endpoint } = nic;
  const inGuest = (settings: object) => ({ RequestType: 'Add', ResourceType: 'Network', Settings: settings }) as const;
  const add = hostRequest('Add', nic);
  if (guest === 'linux') return [{ ...add, GuestRequest: inGuest(linuxAdapter(namespace, nic)) }];
  return [
    { GuestRequest: inGuest({ AdapterId: nicId, RequestType: 'PreAdd', Settings: endpoint }) },
    { ...add, GuestRequest: inGuest({ AdapterId: nicId, RequestType: 'Add' }) },
  ];
}

export function removeNic(guest: Guest, namespace: string, nic: NicSettings): ModifySettingRequest {
  const { nicId } = nic;
  const remove = hostRequest('Remove', nic);
  if (guest === 'linux') {
    const settings = { NamespaceID: namespace, ID: nicId };
    return { ...remove, GuestRequest: { RequestType: 'Remove', ResourceType: 'Network', Settings: settings } };
  }
  const settings = { AdapterId: nicId, RequestType: 'Remove' };
  return { ...remove, GuestRequest: { RequestType: 'Remove', Settings: settings } };
}
