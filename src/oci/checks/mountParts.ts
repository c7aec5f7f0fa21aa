import { type Finding, pointer } from '../../domain/finding.ts';
import type { Mount } from '../mounts.ts';
import type { ValidationInput } from './input.ts';

export function incompleteMount(mount: Mount, index: number): Finding[] {
  return (['source', 'destination'] as const)
    .filter((field) => (mount[field] ?? '') === '')
    .map((field) => ({
      code: 'mount-incomplete',
      pointer: pointer('spec', 'mounts', index, field),
      message: `the mount at ${mount.destination || mount.source || index} has no ${field}`,
      hint: 'A mount needs a source on the host and a destination in the container.',
    }));
}

export function missingSource({ source = '' }: Mount, index: number, { evidence }: ValidationInput): Finding[] {
  if (evidence.paths[source] !== 'missing') return [];
  return [
    {
      code: 'mount-source-missing',
      pointer: pointer('spec', 'mounts', index, 'source'),
      message: `the mount source ${source} does not exist on the host`,
      hint: 'Make it before the create, or mend the path.',
    },
  ];
}
