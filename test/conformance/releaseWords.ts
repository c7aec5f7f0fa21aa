/** What a release takes away, in the words of the record's snapshots. */
import type { Effect } from '../../src/testing/index.ts';

interface Request {
  readonly ResourcePath?: string;
  readonly Settings?: { readonly Name?: string };
  readonly GuestRequest?: {
    readonly ResourceType?: string;
    readonly Settings?: {
      readonly ContainerRootPath?: string;
      readonly ID?: string;
      readonly MountPath?: string;
      readonly ContainerPath?: string;
    };
  };
}

const WORDS: ReadonlyArray<readonly [RegExp, string]> = [
  [/^VirtualMachine\/Devices\/Scsi\/(.+)\/Attachments\/(.+)$/, 'scsi'],
  [/^VirtualMachine\/Devices\/VirtualPMem\/Devices\/(.+)$/, 'vpmem'],
  [/^VirtualMachine\/Devices\/VirtualPci\/(.+)$/, 'vpci'],
  [/^VirtualMachine\/Devices\/NetworkAdapters\/(.+)$/, 'networkAdapter'],
  [/^VirtualMachine\/Devices\/MappedPipes\/(.+)$/, 'mappedPipe'],
  [/^VirtualMachine\/Devices\/HvSocket\/HvSocketConfig\/ServiceTable\/(.+)$/, 'hvSocketService'],
];

export function requestIn(effect: Effect): Request {
  return (effect.effect === 'system.modify' ? effect.request : {}) as Request;
}

/** The line that stood for it; undefined for an effect that takes nothing off a VM. */
export function lineOf(effect: Effect): string | undefined {
  const { ResourcePath = '', Settings, GuestRequest } = requestIn(effect);
  const system = String(effect.system);
  if (ResourcePath.endsWith('/VirtualSmb/Shares')) return `vsmbShare ${system} ${Settings?.Name}`;
  if (ResourcePath.endsWith('/Plan9/Shares')) return `plan9Share ${system} ${Settings?.Name}`;
  for (const [pattern, word] of WORDS) {
    const found = pattern.exec(ResourcePath);
    if (found !== null) return `${word} ${system} ${found.slice(1).join('/')}`;
  }
  const { ContainerRootPath, ID } = GuestRequest?.Settings ?? {};
  if (GuestRequest?.ResourceType === 'CombinedLayers') return `combinedLayers ${system} ${ContainerRootPath}`;
  return GuestRequest?.ResourceType === 'NetworkNamespace' ? `guestNamespace ${system} ${ID}` : undefined;
}
