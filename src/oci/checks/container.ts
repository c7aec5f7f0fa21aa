import { type Finding, pointer } from '../../domain/finding.ts';
import type { VmTraits } from '../../domain/utilityVm.ts';
import { ANNOTATION, annotation, annotationPointer } from '../annotations.ts';
import { hasOwnVm } from '../hyperv.ts';
import type { OciSpec } from '../spec.ts';
import type { ValidationInput } from './input.ts';
import { layerFindings } from './layers.ts';

const VOLUME = /^\\\\\?\\Volume\{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}\\?$/i;

const WINDOWS_SECTION_MISSING: Finding = {
  code: 'windows-section-missing',
  pointer: '/spec/windows',
  message: 'the spec has no windows section',
  hint: 'Add one with the layers of the container in it.',
};

const SCHEMA_UNSUPPORTED: Finding = {
  code: 'schema-unsupported',
  pointer: '/schemaVersion',
  message: 'schema 1.0 has no Linux containers',
  hint: 'Leave schemaVersion out, and give the container a utility VM.',
};

function vmRequired(at: string, what: string): Finding {
  return {
    code: 'vm-required',
    pointer: at,
    message: `${what} needs a hosting utility VM, and there is none`,
    hint: 'Name one in vm; or leave this section out for a process-isolated Windows container.',
  };
}

/** Whether the spec asks for a VM or not is all the same where there is one; what runs in it is not. */
function guestFindings({ linux, windows }: OciSpec, guest: VmTraits['guest']): Finding[] {
  if (linux === undefined && windows === undefined) return [WINDOWS_SECTION_MISSING];
  const wanted = linux === undefined ? 'windows' : 'linux';
  if (wanted === guest) return [];
  return [
    {
      code: 'vm-os-mismatch',
      pointer: pointer('spec', wanted),
      message: `this is a ${wanted} container, and ${guest} runs in the VM`,
      hint: `Name a ${wanted} VM in vm; a spec is one for Linux when it has a linux section.`,
    },
  ];
}

function isolationFindings({ spec, settings }: ValidationInput): Finding[] {
  const { vm, schema } = settings;
  if (vm !== undefined) return guestFindings(spec, vm.guest);
  if (spec.linux !== undefined) {
    return [...(schema === 'v1' ? [SCHEMA_UNSUPPORTED] : []), vmRequired('/spec/linux', 'a Linux container')];
  }
  if (spec.windows === undefined) return [WINDOWS_SECTION_MISSING];
  const isRefused = spec.windows.hyperv !== undefined && !hasOwnVm(spec, settings);
  return isRefused ? [vmRequired('/spec/windows/hyperv', 'Hyper-V isolation')] : [];
}

function rootPathFindings({ spec, settings }: ValidationInput): Finding[] {
  const path = spec.root?.path ?? '';
  if (path === '' || (settings.vm !== undefined && spec.linux !== undefined)) return [];
  if (settings.vm !== undefined) {
    return [
      {
        code: 'root-in-vm-unsupported',
        pointer: '/spec/root/path',
        message: `root.path ${JSON.stringify(path)} is given, but the layers of a container in a VM are mounted there`,
        hint: 'Leave root.path empty, and list the layers in windows.layerFolders.',
      },
    ];
  }
  if (VOLUME.test(path)) return [];
  return [
    {
      code: 'root-not-a-volume',
      pointer: '/spec/root/path',
      message: `root.path ${JSON.stringify(path)} is not a volume`,
      hint: 'Leave root.path empty to have the layers mounted, or give the volume of mounted layers: \\\\?\\Volume{GUID}\\',
    },
  ];
}

function rootFindings(input: ValidationInput): Finding[] {
  const { spec } = input;
  const readonlyFinding: Finding = {
    code: 'root-readonly-unsupported',
    pointer: '/spec/root/readonly',
    message: 'a Windows container cannot have a read-only root',
    hint: 'Set root.readonly to false.',
  };
  const isRefused = spec.root?.readonly === true && spec.linux === undefined;
  return [...rootPathFindings(input), ...(isRefused ? [readonlyFinding] : [])];
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
  return [...isolationFindings(input), ...layerFindings(input), ...rootFindings(input), ...podFindings(input.spec)];
}
