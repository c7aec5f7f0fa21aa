import { pointer } from '../../domain/finding.ts';
import { type AnnotationName, unsignedAnnotation } from '../annotations.ts';
import { VM_ANNOTATION } from './annotationNames.ts';
import type { VmOptionName } from './checks/input.ts';
import type { PodAnnotations } from './podAnnotations.ts';
import { type AnnotationRow, LINUX_ROWS, WINDOWS_ROWS } from './podTable.ts';

/** Options that stand in the request outside annotations and resources. */
const FIELDS: Readonly<Partial<Record<VmOptionName, string>>> = {
  id: '/id',
  owner: '/owner',
  bundleFolder: '/bundle',
  layerFolders: '/spec/windows/layerFolders',
};

/** Options that come from an annotation or, when that says nothing, from `windows.resources`. */
const RESOURCES: Readonly<Partial<Record<VmOptionName, readonly [AnnotationName, string, string]>>> = {
  memorySizeInMb: [VM_ANNOTATION.memorySizeInMb, 'memory', 'limit'],
  processorCount: [VM_ANNOTATION.processorCount, 'cpu', 'count'],
  processorLimit: [VM_ANNOTATION.processorLimit, 'cpu', 'maximum'],
  processorWeight: [VM_ANNOTATION.processorWeight, 'cpu', 'shares'],
  storageIops: [VM_ANNOTATION.storageIops, 'storage', 'iops'],
  storageBandwidth: [VM_ANNOTATION.storageBandwidth, 'storage', 'bps'],
};

/** Options that an annotation decides about together with others. */
const INDIRECT: Readonly<Partial<Record<VmOptionName, AnnotationName>>> = {
  kernelFile: VM_ANNOTATION.bootFilesFolder,
  rootFile: VM_ANNOTATION.bootFilesFolder,
  rootType: VM_ANNOTATION.rootType,
  confidential: VM_ANNOTATION.securityPolicy,
};

function annotationOf(option: VmOptionName): AnnotationName | undefined {
  const rows = [...WINDOWS_ROWS, ...LINUX_ROWS] as readonly AnnotationRow[];
  return rows.find((row) => row.option === option)?.annotation ?? INDIRECT[option];
}

/** Where in the request of a pod an option of its VM was given, or would be. */
export function podPointer({ spec, at }: PodAnnotations, option: VmOptionName): string {
  const resource = RESOURCES[option];
  if (resource !== undefined) {
    const [name, ...path] = resource;
    const parsed = unsignedAnnotation(spec, name);
    const annotated = typeof parsed === 'object' && parsed.value !== 0;
    return annotated || spec.windows?.resources === undefined
      ? at(name)
      : pointer('spec', 'windows', 'resources', ...path);
  }
  const name = annotationOf(option);
  return FIELDS[option] ?? (name === undefined ? '/spec' : at(name));
}
