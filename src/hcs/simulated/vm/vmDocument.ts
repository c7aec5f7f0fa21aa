/** The VirtualMachine of a document: what HCS looks at before it makes one, and the VM that comes of it. */
import { vsmbPath } from '../../../vm/guestPaths.ts';
import { HRESULT } from '../../codeTable.ts';
import { type Fields, fieldsOf, listOf, numberOf, type Objection, textOf } from '../fields.ts';
import { fileKey, type HostState } from '../state.ts';
import { mayUse } from './access.ts';
import { fileIsInUse } from './diskUse.ts';
import type { SimulatedVm, VmPart } from './simulatedVm.ts';

interface Disk {
  readonly path: string;
  readonly name: string;
  readonly hostPath: string;
  readonly isReadOnly: boolean;
}

function disksOf(machine: Fields): readonly Disk[] {
  return Object.entries(fieldsOf(fieldsOf(machine.Devices).Scsi)).flatMap(([controller, value]) =>
    Object.entries(fieldsOf(fieldsOf(value).Attachments)).map(([lun, disk]) => ({
      path: `VirtualMachine.Devices.Scsi.${controller}.Attachments.${lun}`,
      name: `${controller}/${lun}`,
      hostPath: textOf(fieldsOf(disk).Path),
      isReadOnly: fieldsOf(disk).ReadOnly === true,
    })),
  );
}

function memoryOf(machine: Fields): ReadonlyArray<{ readonly device: string; readonly hostPath: string }> {
  const { Devices } = fieldsOf(fieldsOf(machine.Devices).VirtualPMem);
  return Object.entries(fieldsOf(Devices)).map(([device, image]) => ({
    device,
    hostPath: textOf(fieldsOf(image).HostPath),
  }));
}

function sharesOf(machine: Fields): readonly Fields[] {
  return listOf(fieldsOf(fieldsOf(machine.Devices).VirtualSmb).Shares).map(fieldsOf);
}

function* topology(machine: Fields, state: HostState): Generator<Objection> {
  const { Memory, Processor } = fieldsOf(machine.ComputeTopology);
  const size = numberOf(fieldsOf(Memory).SizeInMB);
  const path = 'VirtualMachine.ComputeTopology';
  if (size <= 0 || size % 2 !== 0) yield { path: `${path}.Memory.SizeInMB`, reason: 'must be even and more than 0' };
  const count = numberOf(fieldsOf(Processor).Count);
  if (count < 1 || count > state.processorCount) {
    yield { path: `${path}.Processor.Count`, reason: `the host has ${state.processorCount} processors` };
  }
}

function* isFile(path: string, hostPath: string, state: HostState): Generator<Objection> {
  if (state.files.get(fileKey(state, hostPath))?.type === 'file') return;
  yield { path, reason: `there is no file ${hostPath}`, hresult: HRESULT.fileNotFound };
}

function* isFolder(path: string, hostPath: string, state: HostState): Generator<Objection> {
  if (state.files.get(fileKey(state, hostPath))?.type === 'directory') return;
  yield { path, reason: `there is no folder ${hostPath}`, hresult: HRESULT.pathNotFound };
}

function* mayOpen(path: string, hostPath: string, id: string, state: HostState): Generator<Objection> {
  yield* isFile(path, hostPath, state);
  if (mayUse(state, id, hostPath)) return;
  yield { path, reason: `the VM has no access to ${hostPath}`, hresult: HRESULT.accessDenied };
}

function* boot(machine: Fields, id: string, state: HostState): Generator<Objection> {
  const { LinuxKernelDirect, Uefi } = fieldsOf(machine.Chipset);
  const path = 'VirtualMachine.Chipset';
  if (LinuxKernelDirect === undefined && Uefi === undefined) yield { path, reason: 'there is nothing to boot' };
  const { KernelFilePath, InitRdPath } = fieldsOf(LinuxKernelDirect);
  for (const [field, file] of Object.entries({ KernelFilePath, InitRdPath })) {
    if (textOf(file) !== '') yield* isFile(`${path}.LinuxKernelDirect.${field}`, textOf(file), state);
  }
  const root = textOf(fieldsOf(fieldsOf(Uefi).BootThis).VmbFsRootPath);
  if (root !== '') yield* isFolder(`${path}.Uefi.BootThis.VmbFsRootPath`, root, state);
  const guestState = textOf(fieldsOf(machine.GuestState).GuestStateFilePath);
  if (guestState !== '') yield* mayOpen('VirtualMachine.GuestState.GuestStateFilePath', guestState, id, state);
}

function* storage(machine: Fields, id: string, state: HostState): Generator<Objection> {
  for (const { path, hostPath, isReadOnly } of disksOf(machine)) {
    yield* mayOpen(path, hostPath, id, state);
    if (fileIsInUse(state, hostPath, isReadOnly)) {
      yield { path, reason: `${hostPath} is in use`, hresult: HRESULT.sharingViolation };
    }
  }
  for (const { device, hostPath } of memoryOf(machine)) {
    yield* isFile(`VirtualMachine.Devices.VirtualPMem.Devices.${device}`, hostPath, state);
  }
  for (const [index, { Path }] of sharesOf(machine).entries()) {
    yield* isFolder(`VirtualMachine.Devices.VirtualSmb.Shares[${index}]`, textOf(Path), state);
  }
}

/** What is wrong with the VirtualMachine of a document. */
export function* vmObjections(machine: Fields, id: string, state: HostState): Generator<Objection> {
  yield* topology(machine, state);
  yield* boot(machine, id, state);
  yield* storage(machine, id, state);
}

function partsOf(machine: Fields, deviceSizeInBytes: number): VmPart[] {
  const builtIn = { isBuiltIn: true, standsOn: [] } as const;
  const { ServiceTable } = fieldsOf(fieldsOf(fieldsOf(fieldsOf(machine.Devices).HvSocket).HvSocketConfig));
  return [
    ...disksOf(machine).map(
      ({ name, hostPath, isReadOnly }) => ({ kind: 'scsi', name, hostPath, isReadOnly, ...builtIn }) as const,
    ),
    ...memoryOf(machine).map(({ device, hostPath }) => {
      const range = { device: Number(device), from: 0, to: deviceSizeInBytes };
      return { kind: 'vpmem', name: device, hostPath, isReadOnly: true, range, ...builtIn } as const;
    }),
    ...sharesOf(machine).map(({ Name, Path }) => {
      const name = textOf(Name);
      return { kind: 'vsmbShare', name, hostPath: textOf(Path), guestPath: vsmbPath(name), ...builtIn } as const;
    }),
    ...Object.keys(fieldsOf(ServiceTable)).map((name) => ({ kind: 'hvSocketService', name, ...builtIn }) as const),
  ];
}

/** The VM that comes of a document: a Linux one boots a kernel, or has what only Linux guests know. */
export function vmOf(document: object): SimulatedVm | undefined {
  if (!('VirtualMachine' in document)) return undefined;
  const machine = fieldsOf(document.VirtualMachine);
  const devices = fieldsOf(machine.Devices);
  const { MaximumCount, MaximumSizeBytes } = fieldsOf(devices.VirtualPMem);
  const isLinux = 'LinuxKernelDirect' in fieldsOf(machine.Chipset) || 'Plan9' in devices || 'VirtualPMem' in devices;
  const deviceSizeInBytes = numberOf(MaximumSizeBytes);
  return {
    guest: isLinux ? 'linux' : 'windows',
    processorCount: numberOf(fieldsOf(fieldsOf(machine.ComputeTopology).Processor).Count),
    scsiControllers: Object.keys(fieldsOf(devices.Scsi)),
    vpmem: { devices: numberOf(MaximumCount), deviceSizeInBytes },
    parts: partsOf(machine, deviceSizeInBytes),
    guestFolders: [],
  };
}
