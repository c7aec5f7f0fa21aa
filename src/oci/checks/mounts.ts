import { type Finding, pointer } from '../../domain/finding.ts';
import { BUILD } from '../../domain/host.ts';
import { isNamedPipe, type Mount } from '../mounts.ts';
import type { ValidationInput } from './input.ts';

const TYPES: readonly string[] = ['', 'physical-disk', 'virtual-disk', 'extensible-virtual-disk'];

function incomplete(mount: Mount, index: number): Finding[] {
  return (['source', 'destination'] as const)
    .filter((field) => (mount[field] ?? '') === '')
    .map((field) => ({
      code: 'mount-incomplete',
      pointer: pointer('spec', 'mounts', index, field),
      message: `the mount at ${mount.destination || mount.source || index} has no ${field}`,
      hint: 'A mount needs a source on the host and a destination in the container.',
    }));
}

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

function missingSource({ source = '' }: Mount, index: number, { evidence }: ValidationInput): Finding[] {
  if (isNamedPipe(source) || evidence.paths[source] !== 'missing') return [];
  return [
    {
      code: 'mount-source-missing',
      pointer: pointer('spec', 'mounts', index, 'source'),
      message: `the mount source ${source} does not exist on the host`,
      hint: 'Make it before the create, or mend the path.',
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

export function mountFindings(input: ValidationInput): readonly Finding[] {
  return (input.spec.mounts ?? []).flatMap((mount, index) => [
    ...incomplete(mount, index),
    ...unsupportedType(mount, index),
    ...missingSource(mount, index, input),
    ...unsupportedPipe(mount, index, input),
  ]);
}
