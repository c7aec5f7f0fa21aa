import { type Finding, pointer } from '../../domain/finding.ts';
import type { ShimOptions } from '../../domain/vmRequest.ts';
import { ANNOTATION, annotationPointer } from '../annotations.ts';
import type { OciSpec } from '../spec.ts';
import { VM_ANNOTATION } from './annotationNames.ts';

const SHIM_OPTION_ANNOTATION = {
  bootFilesRootPath: VM_ANNOTATION.bootFilesFolder,
  vmProcessorCount: VM_ANNOTATION.processorCount,
  vmMemorySizeInMB: VM_ANNOTATION.memorySizeInMb,
  ncProxyAddr: VM_ANNOTATION.networkConfigProxy,
  gpuVhdPath: VM_ANNOTATION.gpuVhdPath,
} as const satisfies Partial<Record<keyof ShimOptions, string>>;

/** Annotations that give their value to several others. */
const STANDS_FOR: ReadonlyMap<string, readonly string[]> = new Map([
  [
    VM_ANNOTATION.disableUnsafeOperations,
    [ANNOTATION.disableGmsa, VM_ANNOTATION.disableWritableFileShares, VM_ANNOTATION.noDirectMap],
  ],
]);

/** An annotation, and where in the request its value was given. */
interface Origin {
  readonly name: string;
  readonly value: string;
  readonly pointer: string;
}

export interface PodAnnotations {
  /** The spec with all the annotations that count. */
  readonly spec: OciSpec;
  /** Where the value of an annotation was given; where it would stand in the spec, when it was not. */
  readonly at: (name: string) => string;
  readonly findings: readonly Finding[];
}

function ofShimOptions(options: ShimOptions): readonly Origin[] {
  const names = Object.keys(SHIM_OPTION_ANNOTATION) as ReadonlyArray<keyof typeof SHIM_OPTION_ANNOTATION>;
  const own = names
    .filter((option) => options[option] !== undefined && options[option] !== 0 && options[option] !== '')
    .map((option) => ({
      name: SHIM_OPTION_ANNOTATION[option],
      value: String(options[option]),
      pointer: pointer('shimOptions', option),
    }));
  const defaults = Object.entries(options.defaultContainerAnnotations ?? {}).map(([name, value]) => ({
    name,
    value,
    pointer: pointer('shimOptions', 'defaultContainerAnnotations', name),
  }));
  return [...own, ...defaults];
}

function byName(origins: readonly Origin[]): ReadonlyMap<string, Origin> {
  return new Map(origins.toReversed().map((origin) => [origin.name, origin]));
}

function expanded(given: ReadonlyMap<string, Origin>): { added: readonly Origin[]; findings: readonly Finding[] } {
  const pairs = [...STANDS_FOR].flatMap(([group, members]) => {
    const origin = given.get(group);
    return origin === undefined ? [] : members.map((name) => ({ origin, name, own: given.get(name) }));
  });
  return {
    added: pairs.flatMap(({ origin, name, own }) => (own === undefined ? { ...origin, name } : [])),
    findings: pairs.flatMap(({ origin, name, own }) =>
      own === undefined || own.value === origin.value
        ? []
        : {
            code: 'annotation-conflict',
            pointer: own.pointer,
            message: `${name} is '${own.value}', and ${origin.name}, which stands for it too, is '${origin.value}'`,
            hint: 'Remove one of the two, or give both the same value.',
          },
    ),
  };
}

/** The annotations of a pod together with those that the shim's options and other annotations stand for. */
export function podAnnotations(spec: OciSpec, shimOptions: ShimOptions = {}): PodAnnotations {
  const own = Object.entries(spec.annotations ?? {}).map(([name, value]) => ({
    name,
    value,
    pointer: pointer('spec', 'annotations', name),
  }));
  const given = byName([...own, ...ofShimOptions(shimOptions)]);
  const { added, findings } = expanded(given);
  const all = byName([...given.values(), ...added]);
  return {
    spec: { ...spec, annotations: Object.fromEntries([...all].map(([name, { value }]) => [name, value])) },
    at: (name) => all.get(name)?.pointer ?? annotationPointer(name),
    findings,
  };
}
