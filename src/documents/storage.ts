import { present } from '../domain/present.ts';
import { storageQos } from '../oci/resources.ts';
import type { DocumentInput } from './input.ts';
import type { StorageDocument } from './schema.ts';

/** The volume of the scratch: the one that was mounted, else the one that the spec names. No trailing backslash. */
export function volumePath({ spec, allocations }: DocumentInput): string {
  return (allocations.volumePath ?? spec.root?.path ?? '').replace(/\\$/, '');
}

function withBackslash(path: string): string {
  return path === '' ? '' : `${path}\\`;
}

export function storageOf(input: DocumentInput): StorageDocument {
  const { bandwidth, iops } = storageQos(input.spec);
  const hasQos = bandwidth > 0 || iops > 0;
  const { hosted, layers } = input.allocations;
  return present({
    Layers: (hosted?.layers ?? layers).map(({ id, path }) => ({ Id: id, Path: path })),
    Path: hosted?.rootPath ?? withBackslash(volumePath(input)),
    QoS: hasQos ? present({ IopsMaximum: iops, BandwidthMaximum: bandwidth }) : undefined,
  });
}
