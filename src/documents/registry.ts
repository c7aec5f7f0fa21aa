import { ANNOTATION, annotation } from '../oci/annotations.ts';
import type { DocumentInput } from './input.ts';
import type { RegistryValue } from './schema.ts';

const INT32_MAX = 2 ** 31 - 1;
const DUMPS = { Hive: 'Software', Name: 'Microsoft\\Windows\\Windows Error Reporting\\LocalDumps' } as const;
/** Windows Error Reporting, DumpType. */
const DUMP_TYPE = { mini: 1, full: 2 } as const;

/**
 * Server Core kills what does not stop within this many milliseconds; a container is to be stopped by whoever runs it,
 * after the time that they grant.
 */
const NEVER_KILL_BY_ITSELF: RegistryValue = {
  Key: { Hive: 'System', Name: 'ControlSet001\\Control' },
  Name: 'WaitToKillServiceTimeout',
  Type: 'String',
  StringValue: String(INT32_MAX),
};

/** Where user-mode dumps of processes in the container go: what the spec says comes before what its VM says. */
function dumpValues({ spec, settings }: DocumentInput): readonly RegistryValue[] {
  const folder = annotation(spec, ANNOTATION.dumpLocation) ?? settings.vm?.processDumpFolder ?? '';
  if (folder === '') return [];
  const type = annotation(spec, ANNOTATION.dumpType) === 'mini' ? DUMP_TYPE.mini : DUMP_TYPE.full;
  return [
    { Key: DUMPS, Name: 'DumpFolder', Type: 'String', StringValue: folder },
    { Key: DUMPS, Name: 'DumpType', Type: 'DWord', DWordValue: type },
  ];
}

export function registryValues(input: DocumentInput): readonly RegistryValue[] {
  return [NEVER_KILL_BY_ITSELF, ...dumpValues(input)];
}
