import { present } from '../domain/present.ts';
import type { DocumentInput } from './input.ts';
import type { NetworkingDocument } from './schema.ts';

export function dnsSearchList({ spec }: DocumentInput): string {
  return (spec.windows?.network?.DNSSearchList ?? []).join(',');
}

/** Absent when the spec has no network. */
export function networkingOf(input: DocumentInput): NetworkingDocument | undefined {
  const network = input.spec.windows?.network;
  if (network === undefined) return undefined;
  return present({
    AllowUnqualifiedDnsQuery: network.allowUnqualifiedDNSQuery,
    DnsSearchList: dnsSearchList(input),
    NetworkSharedContainerName: network.networkSharedContainerName,
    Namespace: input.allocations.networkNamespace,
  });
}
