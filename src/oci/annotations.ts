import { type Finding, pointer } from '../domain/finding.ts';
import type { OciSpec } from './spec.ts';
import type { VM_ANNOTATION } from './vm/annotationNames.ts';

/** The annotations that a create of a container reads. */
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
  kernelDrivers: 'io.microsoft.virtualmachine.kerneldrivers',
  privileged: 'io.microsoft.virtualmachine.lcow.privileged',
  containerType: 'io.kubernetes.cri.container-type',
  sandboxId: 'io.kubernetes.cri.sandbox-id',
} as const;

type ValueOf<T> = T[keyof T];
export type AnnotationName = ValueOf<typeof ANNOTATION> | ValueOf<typeof VM_ANNOTATION>;

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

/** Decimal digits only, below 2^bits. */
export function unsignedAnnotation(spec: OciSpec, name: AnnotationName, bits: 32 | 64 = 64): Parsed<number> {
  const raw = annotation(spec, name);
  if (raw === undefined) return 'absent';
  if (!/^[0-9]+$/.test(raw) || BigInt(raw) >= 1n << BigInt(bits)) return 'unparsable';
  return { value: Number(raw) };
}

/** Split at every comma; an empty value is an empty list. */
export function listAnnotation(spec: OciSpec, name: AnnotationName): readonly string[] {
  const raw = annotation(spec, name);
  return raw === undefined || raw === '' ? [] : raw.split(',');
}

export function annotationPointer(name: string): string {
  return pointer('spec', 'annotations', name);
}

/** What an annotation is to be read as; an annotation that may be any text needs no entry. */
export interface ExpectedAnnotation {
  readonly name: AnnotationName;
  readonly type: 'number' | 'boolean';
  /** Of a number. Default: 64. */
  readonly bits?: 32;
}

const EXPECTED: readonly ExpectedAnnotation[] = [
  { name: ANNOTATION.processorCount, type: 'number' },
  { name: ANNOTATION.processorLimit, type: 'number' },
  { name: ANNOTATION.processorWeight, type: 'number' },
  { name: ANNOTATION.memorySizeInMb, type: 'number' },
  { name: ANNOTATION.storageBandwidth, type: 'number' },
  { name: ANNOTATION.storageIops, type: 'number' },
  { name: ANNOTATION.disableGmsa, type: 'boolean' },
  { name: ANNOTATION.privileged, type: 'boolean' },
];

/** A warning for each annotation that is set to something that cannot be read as its type. */
export function unparsableAnnotations(
  spec: OciSpec,
  expected = EXPECTED,
  at: (name: string) => string = annotationPointer,
): readonly Finding[] {
  return expected
    .filter(({ name, type, bits }) => {
      const parsed = type === 'number' ? unsignedAnnotation(spec, name, bits) : booleanAnnotation(spec, name);
      return parsed === 'unparsable';
    })
    .map(({ name, type, bits = 64 }) => ({
      code: 'annotation-unparsable',
      pointer: at(name),
      message: `the annotation ${name} is '${annotation(spec, name)}', which is not a ${type}: it counts as not set`,
      hint: type === 'number' ? `Write it in decimal digits only, below 2^${bits}.` : "Write 'true' or 'false'.",
    }));
}
