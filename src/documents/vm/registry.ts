import type { WindowsVmOptions } from '../../domain/utilityVm.ts';
import type { RegistryValue } from '../schema.ts';

const switchedTo = (hive: 'System' | 'Software', key: string, name: string, value: number): RegistryValue => ({
  Key: { Hive: hive, Name: key },
  Name: name,
  Type: 'DWord',
  DWordValue: value,
});

/**
 * Dumps of processes are kept only while Windows Error Reporting sends none away; its service has to run from the start,
 * or some crashes leave no dump.
 */
const KEEP_DUMPS: readonly RegistryValue[] = [
  switchedTo('System', 'ControlSet001\\Services\\WerSvc', 'Start', 2),
  switchedTo('Software', 'Microsoft\\Windows\\Windows Error Reporting', 'Disabled', 1),
];

/** The guest's network service shows a container its own compartment only. */
const COMPARTMENT_NAMESPACE = switchedTo('System', 'CurrentControlSet\\Services\\gns', 'EnableCompartmentNamespace', 1);

export function vmRegistryValues(options: WindowsVmOptions): readonly RegistryValue[] {
  return [
    ...(options.processDumpFolder === '' ? [] : KEEP_DUMPS),
    ...(options.compartmentNamespace ? [COMPARTMENT_NAMESPACE] : []),
  ];
}
