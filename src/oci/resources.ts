/** What the spec and its annotations say together: an annotation that is set and not zero comes first. */
import {
  ANNOTATION,
  type AnnotationName,
  booleanAnnotation,
  listAnnotation,
  unsignedAnnotation,
} from './annotations.ts';
import type { OciSpec } from './spec.ts';

function annotatedOr(spec: OciSpec, name: AnnotationName, own: number | undefined): number {
  const parsed = unsignedAnnotation(spec, name);
  if (typeof parsed === 'object' && parsed.value !== 0) return parsed.value;
  return own ?? 0;
}

export interface ProcessorSettings {
  /** Processors. */
  readonly count: number;
  /** Ten-thousandths of all processors of the host. */
  readonly limit: number;
  /** Relative weight. */
  readonly weight: number;
}

type ResourceNames = Readonly<
  Record<
    'processorCount' | 'processorLimit' | 'processorWeight' | 'memorySizeInMb' | 'storageBandwidth' | 'storageIops',
    AnnotationName
  >
>;

/** 0 where nothing is asked for. `names`: the annotations of a container, or those of the VM of a pod. */
export function processorSettings(spec: OciSpec, names: ResourceNames = ANNOTATION): ProcessorSettings {
  const cpu = spec.windows?.resources?.cpu;
  return {
    count: annotatedOr(spec, names.processorCount, cpu?.count),
    limit: annotatedOr(spec, names.processorLimit, cpu?.maximum),
    weight: annotatedOr(spec, names.processorWeight, cpu?.shares),
  };
}

const BYTES_PER_MB = 1024 * 1024;

/** Whole megabytes, rounded down; 0 where nothing is asked for. */
export function memorySizeInMb(spec: OciSpec, names: ResourceNames = ANNOTATION): number {
  const limit = spec.windows?.resources?.memory?.limit ?? 0;
  return annotatedOr(spec, names.memorySizeInMb, Math.floor(limit / BYTES_PER_MB));
}

export interface StorageQos {
  /** Bytes a second. */
  readonly bandwidth: number;
  /** Operations a second. */
  readonly iops: number;
}

/** 0 where nothing is asked for. */
export function storageQos(spec: OciSpec, names: ResourceNames = ANNOTATION): StorageQos {
  const storage = spec.windows?.resources?.storage;
  return {
    bandwidth: annotatedOr(spec, names.storageBandwidth, storage?.bps),
    iops: annotatedOr(spec, names.storageIops, storage?.iops),
  };
}

/** Host paths of files that describe devices to the container (HCS: AdditionalDeviceNamespace). */
export function deviceExtensionPaths(spec: OciSpec): readonly string[] {
  return listAnnotation(spec, ANNOTATION.deviceExtensions);
}

/** The credential spec of a group managed service account: a secret. */
export function gmsaCredentialSpec(spec: OciSpec): string | undefined {
  const credentialSpec = spec.windows?.credentialSpec;
  return typeof credentialSpec === 'string' ? credentialSpec : undefined;
}

export function isGmsaDisabled(spec: OciSpec): boolean {
  const parsed = booleanAnnotation(spec, ANNOTATION.disableGmsa);
  return typeof parsed === 'object' && parsed.value;
}
