import { present } from '../../domain/present.ts';
import { confidentialVm } from './confidentialVm.ts';
import type { LinuxVmInput, VmDocumentInput, WindowsVmInput } from './input.ts';
import { linuxVm } from './linuxVm.ts';
import type { VirtualMachineDocument, VmSystemDocument } from './schema.ts';
import { windowsVm } from './windowsVm.ts';

function isWindows(input: VmDocumentInput): input is WindowsVmInput {
  return input.options.guest === 'windows';
}

function isConfidential(input: WindowsVmInput | LinuxVmInput): input is LinuxVmInput {
  return input.options.guest === 'linux' && input.options.confidential;
}

function virtualMachineOf(input: VmDocumentInput): VirtualMachineDocument {
  if (isWindows(input)) return windowsVm(input);
  return isConfidential(input) ? confidentialVm(input) : linuxVm(input);
}

/** The document that makes HCS create the VM: schema 2.1, or 2.5 when it is confidential. Nothing but the input decides. */
export function vmDocument(input: VmDocumentInput): VmSystemDocument {
  return {
    ...present({ Owner: input.options.owner }),
    SchemaVersion: { Major: 2, Minor: isConfidential(input) ? 5 : 1 },
    VirtualMachine: virtualMachineOf(input),
    ShouldTerminateOnLastHandleClosed: input.options.lifetime === 'process',
  };
}
