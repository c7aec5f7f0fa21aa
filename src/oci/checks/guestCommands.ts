/** Names that become part of a command line in a Windows guest. */
import { win32 } from 'node:path';
import type { Finding } from '../../domain/finding.ts';
import { ANNOTATION, annotationPointer } from '../annotations.ts';
import { isUnsafeInCommand } from '../guestCommand.ts';
import { kernelDriverPaths } from '../kernelDrivers.ts';
import type { ValidationInput } from './input.ts';

export function unsafeNameFinding(pointer: string, what: string): Finding {
  return {
    code: 'guest-command-unsafe',
    pointer,
    message: `${what} becomes part of a command line in the guest, and its name would break it`,
    hint: 'Use a name without blanks and without & | < > ^ % " ! ( ).',
  };
}

/** A file is found in the guest under its own name; a folder under the name of its share. */
function isUnsafeFile(path: string, { evidence }: ValidationInput): boolean {
  return evidence.paths[path] === 'file' && isUnsafeInCommand(win32.basename(path));
}

/** The drivers and the tool that commands name; folders in the guest are looked at with their mounts. */
export function guestCommandFindings(input: ValidationInput): readonly Finding[] {
  const { spec, settings } = input;
  if (settings.vm?.guest !== 'windows') return [];
  const at = annotationPointer(ANNOTATION.kernelDrivers);
  const drivers = kernelDriverPaths(spec).filter((path) => isUnsafeFile(path, input));
  const tool = settings.deviceUtil ?? '';
  const hasDevices = (spec.windows?.devices ?? []).length > 0;
  return [
    ...drivers.map((path) => unsafeNameFinding(at, `the driver ${path}`)),
    ...(hasDevices && isUnsafeFile(tool, input)
      ? [unsafeNameFinding('/spec/windows/devices', `the tool ${tool}`)]
      : []),
  ];
}
