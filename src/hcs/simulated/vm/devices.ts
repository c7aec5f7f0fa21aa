/** Devices of the host, its named pipes, and the sockets of the hypervisor. */
import { pipePath } from '../../../vm/guestPaths.ts';
import { HRESULT } from '../../codeTable.ts';
import { fieldsOf, listOf, numberOf, textOf } from '../fields.ts';
import { addPart, byVerb, type Change, guestHalfOf, onlyFor, refuse, removePart } from './change.ts';
import { findPart } from './simulatedVm.ts';

/** A function of a device belongs to one bus of one VM. */
function needUnassigned(change: Change, hostPath: string): void {
  const taken = [...change.state.systems.values()].some(({ vm }) =>
    vm?.parts.some((part) => part.kind === 'vpci' && part.hostPath === hostPath),
  );
  if (taken) refuse(change, HRESULT.resourceInUse, `${hostPath} is assigned already`);
}

function addVpci(change: Change, name: string): void {
  const [device] = listOf(change.settings.Functions);
  const { DeviceInstancePath, VirtualFunction } = fieldsOf(device);
  if (textOf(DeviceInstancePath) === '') refuse(change, HRESULT.invalidParameter, 'no device is named');
  if (change.vm.guest === 'linux' && guestHalfOf(change, 'VPCIDevice').VMBusGUID !== name) {
    refuse(change, HRESULT.invalidParameter, 'host and guest are told of different buses');
  }
  const hostPath = `${textOf(DeviceInstancePath)}#${numberOf(VirtualFunction)}`.toLowerCase();
  needUnassigned(change, hostPath);
  addPart(change, { kind: 'vpci', name, hostPath, standsOn: [] });
}

/** VirtualMachine/Devices/VirtualPci/{bus} */
export function changeVpci(change: Change): void {
  const [name = ''] = change.names;
  byVerb(change, { Add: () => addVpci(change, name), Remove: () => removePart(change, 'vpci', name) });
}

/** VirtualMachine/Devices/MappedPipes/{path} */
export function changePipe(change: Change): void {
  onlyFor(change, 'windows');
  const [name = ''] = change.names;
  byVerb(change, {
    Add: () => addPart(change, { kind: 'mappedPipe', name, guestPath: pipePath(name), standsOn: [] }),
    Remove: () => removePart(change, 'mappedPipe', name),
  });
}

/** VirtualMachine/Devices/HvSocket/HvSocketConfig/ServiceTable/{service}: an Update makes the entry when there is none. */
export function changeHvSocket(change: Change): void {
  const [name = ''] = change.names;
  byVerb(change, {
    Update: () => {
      const isThere = findPart(change.vm, 'hvSocketService', name) !== undefined;
      if (!isThere) addPart(change, { kind: 'hvSocketService', name, standsOn: [] });
    },
    Remove: () => removePart(change, 'hvSocketService', name),
  });
}
