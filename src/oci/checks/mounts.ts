import { type Finding, pointer } from '../../domain/finding.ts';
import { BUILD } from '../../domain/host.ts';
import type { VmTraits } from '../../domain/utilityVm.ts';
import { isNamedPipe, type Mount, mountKindOf } from '../mounts.ts';
import type { ValidationInput } from './input.ts';
import { incompleteMount, missingSource } from './mountParts.ts';
import { vmMountFindings } from './vmMounts.ts';

const TYPES: readonly string[] = ['', 'physical-disk', 'virtual-disk', 'extensible-virtual-disk'];

function unsupportedType({ type = '' }: Mount, index: number): Finding[] {
  if (TYPES.includes(type)) return [];
  return [
    {
      code: 'mount-type-unsupported',
      pointer: pointer('spec', 'mounts', index, 'type'),
      message: `the mount type '${type}' is not known to Windows containers`,
      hint: 'Leave the type out for a folder, a file or a named pipe.',
    },
  ];
}

function unsupportedPipe({ source = '' }: Mount, index: number, { facts }: ValidationInput): Finding[] {
  if (!isNamedPipe(source) || facts.build >= BUILD.rs3) return [];
  return [
    {
      code: 'named-pipes-unsupported',
      pointer: pointer('spec', 'mounts', index, 'source'),
      message: `named pipes can be mounted from build ${BUILD.rs3} on, and this is ${facts.build}`,
      hint: 'Remove the mount, or use a newer host.',
    },
  ];
}

function outsideVm(input: ValidationInput): readonly Finding[] {
  return (input.spec.mounts ?? []).flatMap((mount, index) => [
    ...incompleteMount(mount, index),
    ...unsupportedType(mount, index),
    ...(isNamedPipe(mount.source ?? '') ? [] : missingSource(mount, index, input)),
    ...unsupportedPipe(mount, index, input),
  ]);
}

function inVm(input: ValidationInput, guest: VmTraits['guest']): readonly Finding[] {
  return (input.spec.mounts ?? []).flatMap((mount, index) => [
    ...(guest === 'windows' ? unsupportedType(mount, index) : []),
    ...vmMountFindings({ mount, index, kind: mountKindOf(mount, guest), guest }, input),
  ]);
}

export function mountFindings(input: ValidationInput): readonly Finding[] {
  const { vm } = input.settings;
  return vm === undefined ? outsideVm(input) : inVm(input, vm.guest);
}
