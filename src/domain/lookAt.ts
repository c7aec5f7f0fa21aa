/** How a person looks at a resource on the host. */
import type { Resource, ResourceKind } from './resource.ts';

/** A word of PowerShell that is taken as it is. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const diskOf = (layer: string): string => quoted(`${layer}\\sandbox.vhdx`);

/** Lines for PowerShell; none of them changes anything. */
const COMMANDS: { readonly [K in ResourceKind]: (resource: Resource<K>) => readonly string[] } = {
  scratchFolder: ({ path }) => [`Get-ChildItem -LiteralPath ${quoted(path)}`],
  scratchLayer: ({ path }) => [`Get-VHD -Path ${diskOf(path)}`],
  namespace: () => ['hnsdiag list namespaces'],
  namespaceEndpoint: () => ['hnsdiag list namespaces', 'hnsdiag list endpoints'],
  activatedLayer: ({ path }) => [`Get-VHD -Path ${diskOf(path)}`, 'mountvol'],
  preparedLayer: () => ['fltmc instances -f wcifs'],
  credentialGuard: () => ['Get-WinEvent -LogName Microsoft-Windows-Containers-CCG/Admin -MaxEvents 20'],
  computeSystem: ({ vm }) => ['hcsdiag list', ...(vm === undefined ? [] : [`hcsdiag console ${quoted(vm)}`])],
  utilityVm: () => ['hcsdiag list'],
  vmFile: ({ path }) => [`Get-Item -LiteralPath ${quoted(path)}`],
  vmGroupAccess: ({ path }) => [`icacls ${quoted(path)}`],
  vmAccess: ({ path }) => [`icacls ${quoted(path)}`],
  vmAttachment: ({ vm }) => ['hcsdiag list', `hcsdiag console ${quoted(vm)}`],
};

function commandsFor<K extends ResourceKind>(resource: Resource<K>): readonly string[] {
  const commands = COMMANDS[resource.kind] as (resource: Resource<K>) => readonly string[];
  return commands(resource);
}

/** The commands that show these resources on a Windows host, each of them once. */
export function commandsToLookAt(resources: readonly Resource[]): readonly string[] {
  return [...new Set(resources.flatMap((resource) => commandsFor(resource)))];
}
