import { type Finding, pointer } from '../domain/finding.ts';
import type { OciSpec } from './spec.ts';

/** The annotations that a process-isolated create reads. */
export const ANNOTATION = {
  processorCount: 'io.microsoft.container.processor.count',
  processorLimit: 'io.microsoft.container.processor.limit',
  processorWeight: 'io.microsoft.container.processor.weight',
  memorySizeInMb: 'io.microsoft.container.memory.sizeinmb',
  storageBandwidth: 'io.microsoft.container.storage.qos.bandwidthmaximum',
  storageIops: 'io.microsoft.container.storage.qos.iopsmaximum',
  dumpLocation: 'io.microsoft.container.processdumplocation',
  dumpType: 'io.microsoft.wcow.processdumptype',
  disableGmsa: 'io.microsoft.container.wcow.gmsa.disable',
  deviceExtensions: 'io.microsoft.container.wcow.deviceextensions',
  containerType: 'io.kubernetes.cri.container-type',
  sandboxId: 'io.kubernetes.cri.sandbox-id',
} as const;

export type AnnotationName = (typeof ANNOTATION)[keyof typeof ANNOTATION];

const UINT64_LIMIT = 1n << 64n;

/** `absent`: not set. `unparsable`: set to something else than its type; the spec's value counts then. */
export type Parsed<T> = { readonly value: T } | 'absent' | 'unparsable';

export function annotation(spec: OciSpec, name: AnnotationName): string | undefined {
  return spec.annotations?.[name];
}

/** `true` or `false`, in any case. */
export function booleanAnnotation(spec: OciSpec, name: AnnotationName): Parsed<boolean> {
  const raw = annotation(spec, name)?.toLowerCase();
  if (raw === undefined) return 'absent';
  return raw === 'true' || raw === 'false' ? { value: raw === 'true' } : 'unparsable';
}

/** Decimal digits only, below 2^64. */
export function unsignedAnnotation(spec: OciSpec, name: AnnotationName): Parsed<number> {
  const raw = annotation(spec, name);
  if (raw === undefined) return 'absent';
  if (!/^[0-9]+$/.test(raw) || BigInt(raw) >= UINT64_LIMIT) return 'unparsable';
  return { value: Number(raw) };
}

/** Split at every comma; an empty value is an empty list. */
export function listAnnotation(spec: OciSpec, name: AnnotationName): readonly string[] {
  const raw = annotation(spec, name);
  return raw === undefined || raw === '' ? [] : raw.split(',');
}

export function annotationPointer(name: AnnotationName): string {
  return pointer('spec', 'annotations', name);
}

const EXPECTED: ReadonlyArray<readonly [AnnotationName, 'number' | 'boolean']> = [
  [ANNOTATION.processorCount, 'number'],
  [ANNOTATION.processorLimit, 'number'],
  [ANNOTATION.processorWeight, 'number'],
  [ANNOTATION.memorySizeInMb, 'number'],
  [ANNOTATION.storageBandwidth, 'number'],
  [ANNOTATION.storageIops, 'number'],
  [ANNOTATION.disableGmsa, 'boolean'],
];

/** A warning for each annotation that is set to something that cannot be read as its type. */
export function unparsableAnnotations(spec: OciSpec): readonly Finding[] {
  return EXPECTED.filter(([name, type]) => {
    const parsed = type === 'number' ? unsignedAnnotation(spec, name) : booleanAnnotation(spec, name);
    return parsed === 'unparsable';
  }).map(([name, type]) => ({
    code: 'annotation-unparsable',
    pointer: annotationPointer(name),
    message: `the annotation ${name} is '${annotation(spec, name)}', which is not a ${type}: the spec's own value counts`,
    hint: type === 'number' ? 'Write it in decimal digits only.' : "Write 'true' or 'false'.",
  }));
}
