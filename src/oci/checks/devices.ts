import { type Finding, pointer } from '../../domain/finding.ts';
import { BUILD } from '../../domain/host.ts';
import { ANNOTATION, annotationPointer } from '../annotations.ts';
import { parseDeviceExtension } from '../deviceExtensions.ts';
import { KNOWN_DEVICE_ID_TYPES } from '../devices.ts';
import { deviceExtensionPaths } from '../resources.ts';
import type { ValidationInput } from './input.ts';

interface Known {
  readonly types: readonly string[];
  readonly by: string;
}

function knownTypes({ settings: { vm } }: ValidationInput): Known {
  if (vm === undefined) return { types: KNOWN_DEVICE_ID_TYPES.process, by: 'process isolation' };
  const types = vm.guest === 'windows' ? KNOWN_DEVICE_ID_TYPES.windowsVm : KNOWN_DEVICE_ID_TYPES.linuxVm;
  return { types, by: `a ${vm.guest} VM` };
}

/** Schema 1.0 has no devices: HCS never sees them, and they are not looked at. */
function typeFindings(input: ValidationInput): Finding[] {
  const { spec, settings } = input;
  if (settings.schema === 'v1') return [];
  const { types, by } = knownTypes(input);
  return (spec.windows?.devices ?? []).flatMap(({ id = '', idType = '' }, index) =>
    types.includes(idType)
      ? []
      : {
          code: 'device-type-unsupported',
          pointer: pointer('spec', 'windows', 'devices', index, 'idType'),
          message: `the device ${id} has the id type '${idType}', which ${by} does not know`,
          hint: `Use one of: ${types.join(', ')}.`,
        },
  );
}

function extensionFinding(path: string, { evidence }: ValidationInput): Finding[] {
  const at = annotationPointer(ANNOTATION.deviceExtensions);
  if (path === '' || evidence.paths[path] === 'missing') {
    return [
      {
        code: 'device-extension-missing',
        pointer: at,
        message: `the device extension ${path === '' ? "''" : path} does not exist on the host`,
        hint: 'The annotation lists files, with commas between them and no blanks.',
      },
    ];
  }
  const content = evidence.contents[path];
  if (evidence.paths[path] !== 'directory' && (content === undefined || parseDeviceExtension(content))) return [];
  return [
    {
      code: 'device-extension-invalid',
      pointer: at,
      message: `the device extension ${path} does not describe devices`,
      hint: 'Mend the file: a JSON object with namespace and device_category (HCS: DeviceExtension).',
    },
  ];
}

function extensionFindings(input: ValidationInput): Finding[] {
  const paths = deviceExtensionPaths(input.spec);
  const findings = paths.flatMap((path) => extensionFinding(path, input));
  if (paths.length === 0 || input.facts.build >= BUILD.ltsc2022) return findings;
  const unsupported: Finding = {
    code: 'device-extensions-unsupported',
    pointer: annotationPointer(ANNOTATION.deviceExtensions),
    message: `device extensions are there from build ${BUILD.ltsc2022} on, and this is ${input.facts.build}`,
    hint: 'Remove the annotation, or use a newer host.',
  };
  return [unsupported, ...findings];
}

export function deviceFindings(input: ValidationInput): readonly Finding[] {
  return [...typeFindings(input), ...(input.spec.linux === undefined ? extensionFindings(input) : [])];
}
