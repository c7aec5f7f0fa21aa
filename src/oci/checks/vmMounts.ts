/** Mounts of a container in a VM. */
import { type Finding, pointer } from '../../domain/finding.ts';
import type { VmTraits } from '../../domain/utilityVm.ts';
import { isUnsafeInCommand } from '../guestCommand.ts';
import {
  hugePageSize,
  isReadOnly,
  type Mount,
  type MountKind,
  parseExtensibleDisk,
  sandboxMountPath,
} from '../mounts.ts';
import { unsafeNameFinding } from './guestCommands.ts';
import type { ValidationInput } from './input.ts';
import { incompleteMount, missingSource } from './mountParts.ts';

interface VmMount {
  readonly mount: Mount;
  readonly index: number;
  readonly kind: MountKind;
  readonly guest: VmTraits['guest'];
}

const at = (index: number, field: 'source' | 'options') => pointer('spec', 'mounts', index, field);

function shareFindings({ mount, index }: VmMount, input: ValidationInput): Finding[] {
  const missing = missingSource(mount, index, input);
  if (input.settings.vm?.writableFileShares !== false || isReadOnly(mount)) return missing;
  const denied: Finding = {
    code: 'mount-writable-denied',
    pointer: at(index, 'options'),
    message: `the VM denies writable shares, and ${mount.source} is to be mounted for writing`,
    hint: "Add the option 'ro', or use a VM that allows writable file shares.",
  };
  return [...missing, denied];
}

function extensibleDiskFindings({ mount: { source = '' }, index }: VmMount): Finding[] {
  if (parseExtensibleDisk(source) !== undefined) return [];
  return [
    {
      code: 'evd-path-invalid',
      pointer: at(index, 'source'),
      message: `the extensible virtual disk ${source} has not both a type and a path`,
      hint: 'Write it as evd://TYPE/PATH.',
    },
  ];
}

function hugePagesFindings({ mount: { source = '' }, index }: VmMount): Finding[] {
  const size = hugePageSize(source);
  if (size === '2M') return [];
  const hint = 'Write it as hugepages://2M/PLACE.';
  const message =
    size === undefined
      ? `the huge pages ${source} have not both a size and a place`
      : `huge pages of the size '${size}' are not known to the guest`;
  const code = size === undefined ? 'hugepages-path-invalid' : 'hugepages-size-unsupported';
  return [{ code, pointer: at(index, 'source'), message, hint }];
}

/** A Windows guest makes the folder with a command; a Linux guest makes it by itself. */
function sandboxFindings({ mount: { source = '' }, index, guest }: VmMount): Finding[] {
  if (guest === 'linux' || !isUnsafeInCommand(sandboxMountPath(source))) return [];
  return [unsafeNameFinding(at(index, 'source'), `the folder ${source}`)];
}

function byKind(one: VmMount, input: ValidationInput): Finding[] {
  switch (one.kind) {
    case 'share':
      return shareFindings(one, input);
    case 'virtualDisk':
      return missingSource(one.mount, one.index, input);
    case 'extensibleDisk':
      return extensibleDiskFindings(one);
    case 'sandboxFolder':
      return sandboxFindings(one);
    case 'hugePages':
      return hugePagesFindings(one);
    case 'physicalDisk':
    case 'pipe':
    case 'guestOwn':
      return [];
  }
}

/** What is wrong with one mount; what the guest makes by itself is the guest's business. */
export function vmMountFindings(one: VmMount, input: ValidationInput): readonly Finding[] {
  if (one.kind === 'guestOwn') return [];
  const incomplete = incompleteMount(one.mount, one.index);
  return incomplete.length > 0 ? incomplete : byKind(one, input);
}
