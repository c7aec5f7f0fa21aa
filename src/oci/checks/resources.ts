import { type Finding, pointer } from '../../domain/finding.ts';
import type { Settings } from '../../domain/request.ts';
import { ANNOTATION, type AnnotationName, annotation, annotationPointer, unsignedAnnotation } from '../annotations.ts';
import { gmsaCredentialSpec, isGmsaDisabled, memorySizeInMb, processorSettings, storageQos } from '../resources.ts';
import type { OciSpec } from '../spec.ts';
import type { ValidationInput } from './input.ts';
import { isGuid } from './request.ts';

const INT32_MAX = 2 ** 31 - 1;
const PROCESSOR_LIMIT_MAX = 10_000;

/** Points at the annotation where it decides, else at the spec's own value. */
function at(spec: OciSpec, name: AnnotationName, ...own: readonly string[]): string {
  const parsed = unsignedAnnotation(spec, name);
  const annotated = typeof parsed === 'object' && parsed.value !== 0;
  return annotated ? annotationPointer(name) : pointer('spec', 'windows', 'resources', ...own);
}

function processorFindings(spec: OciSpec): Finding[] {
  const { count, limit, weight } = processorSettings(spec);
  if ([count, limit, weight].filter((value) => value > 0).length < 2) return [];
  return [
    {
      code: 'cpu-settings-exclusive',
      pointer: '/spec/windows/resources/cpu',
      message: `processor count (${count}), limit (${limit}) and weight (${weight}) exclude each other`,
      hint: 'Keep one of them. Annotations (io.microsoft.container.processor.*) count as well as the spec.',
    },
  ];
}

function rangeFindings(spec: OciSpec): Finding[] {
  const { count, limit, weight } = processorSettings(spec);
  const { bandwidth, iops } = storageQos(spec);
  const fields: ReadonlyArray<readonly [string, number, number, string]> = [
    ['processor count', count, INT32_MAX, at(spec, ANNOTATION.processorCount, 'cpu', 'count')],
    ['processor limit', limit, INT32_MAX, at(spec, ANNOTATION.processorLimit, 'cpu', 'maximum')],
    ['processor weight', weight, INT32_MAX, at(spec, ANNOTATION.processorWeight, 'cpu', 'shares')],
    ['storage bandwidth', bandwidth, INT32_MAX, at(spec, ANNOTATION.storageBandwidth, 'storage', 'bps')],
    ['storage operations', iops, INT32_MAX, at(spec, ANNOTATION.storageIops, 'storage', 'iops')],
    [
      'memory in MB',
      memorySizeInMb(spec),
      Number.MAX_SAFE_INTEGER,
      at(spec, ANNOTATION.memorySizeInMb, 'memory', 'limit'),
    ],
  ];
  return fields
    .filter(([, value, most]) => value > most)
    .map(([what, value, most, where]) => ({
      code: 'out-of-range',
      pointer: where,
      message: `${what} is ${value}, more than the document can say (${most})`,
      hint: 'Give a smaller number, or leave it out for no limit.',
    }));
}

function credentialFindings(spec: OciSpec): Finding[] {
  if (gmsaCredentialSpec(spec) === undefined || !isGmsaDisabled(spec)) return [];
  return [
    {
      code: 'gmsa-disabled',
      pointer: '/spec/windows/credentialSpec',
      message: `there is a credential spec, but ${ANNOTATION.disableGmsa} forbids group managed service accounts`,
      hint: 'Remove windows.credentialSpec, or the annotation.',
    },
  ];
}

function endpointFindings(spec: OciSpec): Finding[] {
  return (spec.windows?.network?.endpointList ?? []).flatMap((endpoint, index) =>
    isGuid(endpoint)
      ? []
      : {
          code: 'endpoint-id-invalid',
          pointer: pointer('spec', 'windows', 'network', 'endpointList', index),
          message: `the endpoint ${JSON.stringify(endpoint)} is not a GUID`,
          hint: 'Give the ids of HNS endpoints (hnsdiag list endpoints).',
        },
  );
}

function dumpFindings(spec: OciSpec, { vm }: Settings): Finding[] {
  const type = annotation(spec, ANNOTATION.dumpType) ?? '';
  const known = type === '' || type === 'mini' || type === 'full';
  if (known || (annotation(spec, ANNOTATION.dumpLocation) ?? vm?.processDumpFolder ?? '') === '') return [];
  return [
    {
      code: 'dump-type-invalid',
      pointer: annotationPointer(ANNOTATION.dumpType),
      message: `the dump type '${type}' is not known`,
      hint: "Use 'mini' or 'full'; without one, dumps are full.",
    },
  ];
}

/** What windows.resources says is not looked at for a Linux container: linux.resources is the guest's business. */
export function resourceFindings({ spec, settings }: ValidationInput): readonly Finding[] {
  const always = [...credentialFindings(spec), ...endpointFindings(spec)];
  if (spec.linux !== undefined) return always;
  return [...processorFindings(spec), ...rangeFindings(spec), ...always, ...dumpFindings(spec, settings)];
}

function countWarnings({ spec, facts, settings: { vm } }: ValidationInput): Finding[] {
  const { count } = processorSettings(spec);
  const available = vm?.processorCount ?? facts.processorCount;
  if (count <= available) return [];
  const where = vm === undefined ? 'host' : 'VM';
  return [
    {
      code: 'processor-count-clamped',
      pointer: at(spec, ANNOTATION.processorCount, 'cpu', 'count'),
      message: `${count} processors are asked for and the ${where} has ${available}: it gets those`,
      hint: `Ask for no more than the ${where} has.`,
    },
  ];
}

function limitWarnings({ spec }: ValidationInput): Finding[] {
  const { limit } = processorSettings(spec);
  if (limit <= PROCESSOR_LIMIT_MAX) return [];
  return [
    {
      code: 'processor-limit-out-of-range',
      pointer: at(spec, ANNOTATION.processorLimit, 'cpu', 'maximum'),
      message: `the processor limit ${limit} lies above ${PROCESSOR_LIMIT_MAX}, which is all of the host: HCS may refuse it`,
      hint: 'The limit counts ten-thousandths of all processors; 10000 is no limit.',
    },
  ];
}

function credentialWarnings({ spec }: ValidationInput): Finding[] {
  const { credentialSpec } = spec.windows ?? {};
  if (credentialSpec === undefined || credentialSpec === null || typeof credentialSpec === 'string') return [];
  return [
    {
      code: 'credential-spec-ignored',
      pointer: '/spec/windows/credentialSpec',
      message: 'windows.credentialSpec is not a string and is ignored',
      hint: 'Give the JSON of the credential spec as one string.',
    },
  ];
}

export function resourceWarnings(input: ValidationInput): readonly Finding[] {
  const ofProcessors = input.spec.linux === undefined ? [...countWarnings(input), ...limitWarnings(input)] : [];
  return [...ofProcessors, ...credentialWarnings(input)];
}
