/** Which entry of a ledger a line of a host's snapshot belongs to. */
import { foldersBetween } from '../actors/paths.ts';
import type { LedgerEntry, Resource } from '../domain/resource.ts';
import { difference } from '../hcs/simulated/snapshot.ts';

/** What people call it in a snapshot begins with this, for what lies in a VM. */
const inVm = (vm: string): RegExp => new RegExp(`^\\S+ ${vm.replaceAll(/[^\w-]/g, '\\$&')} `, 'i');

/** The lines that a resource can stand for. */
function isLineOf(resource: Resource, line: string): boolean {
  switch (resource.kind) {
    case 'scratchFolder':
      return foldersBetween(resource.path, resource.made).some((folder) => line === `disk.folder ${folder}`);
    case 'scratchLayer':
      return line === `disk.scratchLayer ${resource.path}`;
    case 'namespace':
      return line === `namespace ${resource.id}`;
    case 'namespaceEndpoint':
      return line === `namespaceEndpoint ${resource.namespace} ${resource.endpoint}`;
    case 'activatedLayer':
    case 'preparedLayer':
      return line === `${resource.kind} ${resource.path}`;
    case 'credentialGuard':
      return line === `ccgInstance ${resource.id}`;
    case 'computeSystem':
    case 'utilityVm':
      return line === `${resource.kind} ${resource.id}` || line === `handle.computeSystem ${resource.id}`;
    case 'vmFile':
      return line === `disk.file ${resource.path}`;
    case 'vmGroupAccess':
      return line === `grant.vmGroupAccess ${resource.path}`;
    case 'vmAccess':
      return line.startsWith('grant.vmAccess ') && inVm(resource.vm).test(line);
    case 'vmAttachment':
      return inVm(resource.vm).test(line);
  }
}

/** The entry that a line stands for; of several in one VM, the first. */
export function ownerOf(line: string, entries: readonly LedgerEntry[]): LedgerEntry | undefined {
  return entries.find(({ resource }) => isLineOf(resource, line));
}

/** What is on the host that was not there before, and that none of the entries stands for. */
export function unnamedOn(
  now: readonly string[],
  before: readonly string[],
  entries: readonly LedgerEntry[],
): readonly string[] {
  return difference(before, now).appeared.filter((line) => ownerOf(line, entries) === undefined);
}
