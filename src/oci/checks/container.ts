import type { Finding } from '../../domain/finding.ts';
import { ANNOTATION, annotation, annotationPointer } from '../annotations.ts';
import type { OciSpec } from '../spec.ts';
import type { ValidationInput } from './input.ts';
import { layerFindings } from './layers.ts';

const VOLUME = /^\\\\\?\\Volume\{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}\\?$/i;

function isolationFindings(spec: OciSpec): Finding[] {
  const vmRequired = (at: string, what: string): Finding => ({
    code: 'vm-required',
    pointer: at,
    message: `${what} needs a hosting utility VM, and there is none`,
    hint: 'Leave this section out for a process-isolated Windows container.',
  });
  if (spec.linux !== undefined) return [vmRequired('/spec/linux', 'a Linux container')];
  if (spec.windows === undefined) {
    return [
      {
        code: 'windows-section-missing',
        pointer: '/spec/windows',
        message: 'the spec has no windows section',
        hint: 'Add one with the layers of the container in it.',
      },
    ];
  }
  return spec.windows.hyperv === undefined ? [] : [vmRequired('/spec/windows/hyperv', 'Hyper-V isolation')];
}

function rootFindings(spec: OciSpec): Finding[] {
  const path = spec.root?.path ?? '';
  const findings: Finding[] = [];
  if (path !== '' && !VOLUME.test(path)) {
    findings.push({
      code: 'root-not-a-volume',
      pointer: '/spec/root/path',
      message: `root.path ${JSON.stringify(path)} is not a volume`,
      hint: 'Leave root.path empty to have the layers mounted, or give the volume of mounted layers: \\\\?\\Volume{GUID}\\',
    });
  }
  if (spec.root?.readonly === true && spec.linux === undefined) {
    findings.push({
      code: 'root-readonly-unsupported',
      pointer: '/spec/root/readonly',
      message: 'a Windows container cannot have a read-only root',
      hint: 'Set root.readonly to false.',
    });
  }
  return findings;
}

function podFindings(spec: OciSpec): Finding[] {
  const type = annotation(spec, ANNOTATION.containerType);
  const sandboxId = annotation(spec, ANNOTATION.sandboxId) ?? '';
  if (type === undefined) {
    return sandboxId === ''
      ? []
      : [
          {
            code: 'container-type-missing',
            pointer: annotationPointer(ANNOTATION.sandboxId),
            message: `${ANNOTATION.sandboxId} is set without ${ANNOTATION.containerType}`,
            hint: "Set the container type too: 'sandbox' or 'container'.",
          },
        ];
  }
  if (type !== 'sandbox' && type !== 'container') {
    return [
      {
        code: 'container-type-invalid',
        pointer: annotationPointer(ANNOTATION.containerType),
        message: `the container type '${type}' is not known`,
        hint: "Use 'sandbox' for the first container of a pod, 'container' for the others.",
      },
    ];
  }
  if (sandboxId !== '') return [];
  return [
    {
      code: 'sandbox-id-missing',
      pointer: annotationPointer(ANNOTATION.containerType),
      message: `${ANNOTATION.containerType} is '${type}' without ${ANNOTATION.sandboxId}`,
      hint: 'Set the id of the pod sandbox too.',
    },
  ];
}

/** What is wrong with the shape of the container: isolation, layers, root, its place in a pod. */
export function containerFindings(input: ValidationInput): readonly Finding[] {
  const { spec } = input;
  return [...isolationFindings(spec), ...layerFindings(input), ...rootFindings(spec), ...podFindings(spec)];
}
