/** Which annotation of a pod decides about which option of its VM, and how it is read. */
import type { LinuxVmOptions, WindowsVmOptions } from '../../domain/utilityVm.ts';
import {
  ANNOTATION,
  type AnnotationName,
  annotation,
  booleanAnnotation,
  type ExpectedAnnotation,
  unsignedAnnotation,
} from '../annotations.ts';
import type { OciSpec } from '../spec.ts';
import { VM_ANNOTATION } from './annotationNames.ts';

/** `not`: a boolean that says the opposite of the option. */
type Reading = 'text' | 'number' | 'number32' | 'boolean' | 'not';

interface Row<O, Value, As extends Reading> {
  readonly option: { [K in keyof O]: O[K] extends Value ? K : never }[keyof O];
  readonly annotation: AnnotationName;
  readonly as: As;
}

type RowOf<O> = Row<O, string, 'text'> | Row<O, number, 'number' | 'number32'> | Row<O, boolean, 'boolean' | 'not'>;

type Common = Omit<WindowsVmOptions & LinuxVmOptions, 'guest'>;

/** Options of both guests that only an annotation decides about. */
const COMMON_ROWS: ReadonlyArray<RowOf<Omit<WindowsVmOptions, 'guest' | 'layerFolders'>>> = [
  { option: 'lowMmioGapInMb', annotation: VM_ANNOTATION.lowMmioGapInMb, as: 'number' },
  { option: 'highMmioBaseInMb', annotation: VM_ANNOTATION.highMmioBaseInMb, as: 'number' },
  { option: 'highMmioGapInMb', annotation: VM_ANNOTATION.highMmioGapInMb, as: 'number' },
  { option: 'memoryOvercommit', annotation: VM_ANNOTATION.memoryOvercommit, as: 'boolean' },
  { option: 'deferredCommit', annotation: VM_ANNOTATION.deferredCommit, as: 'boolean' },
  { option: 'devicesPhysicallyBacked', annotation: VM_ANNOTATION.fullyPhysicallyBacked, as: 'boolean' },
  { option: 'cpuGroupId', annotation: VM_ANNOTATION.cpuGroupId, as: 'text' },
  { option: 'networkConfigProxy', annotation: VM_ANNOTATION.networkConfigProxy, as: 'text' },
  { option: 'processDumpFolder', annotation: ANNOTATION.dumpLocation, as: 'text' },
  { option: 'crashDumpFolder', annotation: VM_ANNOTATION.crashDumpFolder, as: 'text' },
  { option: 'writableFileShares', annotation: VM_ANNOTATION.disableWritableFileShares, as: 'not' },
];

export const WINDOWS_ROWS: ReadonlyArray<RowOf<WindowsVmOptions>> = [
  ...COMMON_ROWS,
  { option: 'compartmentNamespace', annotation: VM_ANNOTATION.disableCompartmentNamespace, as: 'not' },
  { option: 'directMap', annotation: VM_ANNOTATION.noDirectMap, as: 'not' },
  { option: 'hostTimeZone', annotation: VM_ANNOTATION.noHostTimeZone, as: 'not' },
];

export const LINUX_ROWS: ReadonlyArray<RowOf<LinuxVmOptions>> = [
  ...(COMMON_ROWS as ReadonlyArray<RowOf<LinuxVmOptions>>),
  { option: 'coldDiscardHint', annotation: VM_ANNOTATION.coldDiscardHint, as: 'boolean' },
  { option: 'vpmemDeviceCount', annotation: VM_ANNOTATION.vpmemDeviceCount, as: 'number32' },
  { option: 'vpmemSizeBytes', annotation: VM_ANNOTATION.vpmemSizeBytes, as: 'number' },
  { option: 'vpmemMultiMapping', annotation: VM_ANNOTATION.vpmemNoMultiMapping, as: 'not' },
  { option: 'pci', annotation: VM_ANNOTATION.pci, as: 'boolean' },
  { option: 'bootFilesFolder', annotation: VM_ANNOTATION.bootFilesFolder, as: 'text' },
  { option: 'kernelDirect', annotation: VM_ANNOTATION.kernelDirect, as: 'boolean' },
  { option: 'kernelOptions', annotation: VM_ANNOTATION.kernelOptions, as: 'text' },
  { option: 'timeSync', annotation: VM_ANNOTATION.disableTimeSync, as: 'not' },
  { option: 'scratchEncryption', annotation: VM_ANNOTATION.scratchEncryption, as: 'boolean' },
  { option: 'securityPolicy', annotation: VM_ANNOTATION.securityPolicy, as: 'text' },
  { option: 'securityPolicyEnforcer', annotation: VM_ANNOTATION.securityPolicyEnforcer, as: 'text' },
  { option: 'guestStateFile', annotation: VM_ANNOTATION.guestStateFile, as: 'text' },
  { option: 'referenceInfoFile', annotation: VM_ANNOTATION.referenceInfoFile, as: 'text' },
];

/** Annotations that decide about no single option, or give way to the spec's resources. */
const OTHER_EXPECTED: readonly ExpectedAnnotation[] = [
  { name: VM_ANNOTATION.memorySizeInMb, type: 'number' },
  { name: VM_ANNOTATION.processorCount, type: 'number' },
  { name: VM_ANNOTATION.processorLimit, type: 'number' },
  { name: VM_ANNOTATION.processorWeight, type: 'number' },
  { name: VM_ANNOTATION.storageBandwidth, type: 'number' },
  { name: VM_ANNOTATION.storageIops, type: 'number' },
];
const LINUX_EXPECTED: readonly ExpectedAnnotation[] = [{ name: VM_ANNOTATION.noSecurityHardware, type: 'boolean' }];

/** A row without the option's type, to be looked through. */
export interface AnnotationRow {
  readonly option: keyof Common;
  readonly annotation: AnnotationName;
  readonly as: Reading;
}

function read(spec: OciSpec, { annotation: name, as }: AnnotationRow): unknown {
  if (as === 'text') return annotation(spec, name);
  const parsed =
    as === 'boolean' || as === 'not'
      ? booleanAnnotation(spec, name)
      : unsignedAnnotation(spec, name, as === 'number32' ? 32 : 64);
  if (typeof parsed === 'string') return undefined;
  return as === 'not' ? !parsed.value : parsed.value;
}

/** What the annotations say, by option; those that are absent or cannot be read say nothing. */
export function annotatedOptions<O>(spec: OciSpec, rows: ReadonlyArray<RowOf<O>>): Partial<O> {
  const said = (rows as readonly AnnotationRow[]).map((row) => [row.option, read(spec, row)] as const);
  return Object.fromEntries(said.filter(([, value]) => value !== undefined)) as Partial<O>;
}

/** What the annotations are to be read as, for warnings about those that cannot be. */
export function expectedAnnotations(guest: 'windows' | 'linux'): readonly ExpectedAnnotation[] {
  const rows = (guest === 'windows' ? WINDOWS_ROWS : LINUX_ROWS) as readonly AnnotationRow[];
  const ofRows = rows.flatMap(({ annotation: name, as }): readonly ExpectedAnnotation[] => {
    if (as === 'text') return [];
    if (as === 'boolean' || as === 'not') return [{ name, type: 'boolean' }];
    return [as === 'number32' ? { name, type: 'number', bits: 32 } : { name, type: 'number' }];
  });
  return [...ofRows, ...OTHER_EXPECTED, ...(guest === 'linux' ? LINUX_EXPECTED : [])];
}
