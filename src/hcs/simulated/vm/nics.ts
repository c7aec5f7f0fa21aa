/** The network of a VM: namespaces of a Windows guest, and NICs. */
import { HRESULT } from '../../codeTable.ts';
import { fieldsOf, textOf } from '../fields.ts';
import { addPart, byVerb, type Change, guestHalfOf, needPart, onlyFor, refuse, removePart } from './change.ts';
import { findPart, partKey } from './simulatedVm.ts';

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The host's namespace that the endpoint is in. */
function namespaceOf(change: Change, endpoint: string): string {
  const { endpoints, namespaces } = change.state;
  if (endpoints !== undefined && !endpoints.has(endpoint.toLowerCase())) {
    refuse(change, HRESULT.endpointNotFound, endpoint);
  }
  const found = [...namespaces.values()].find((one) => one.endpoints.some((member) => same(member, endpoint)));
  return found?.id ?? refuse(change, HRESULT.endpointNotAttached, `${endpoint} is in no namespace`);
}

/** A namespace of a Windows guest. */
export function changeNamespace(change: Change): void {
  onlyFor(change, 'windows');
  const name = textOf(guestHalfOf(change, 'NetworkNamespace').ID);
  byVerb(change, {
    Add: () => {
      if (!change.state.namespaces.has(name.toLowerCase())) {
        refuse(change, HRESULT.elementNotFound, `there is no namespace ${name}`);
      }
      addPart(change, { kind: 'guestNamespace', name, standsOn: [] });
    },
    Remove: () => removePart(change, 'guestNamespace', name),
  });
}

function addPreAdd(change: Change, name: string): void {
  const { RequestType, Settings } = fieldsOf(change.guest);
  if (RequestType !== 'PreAdd') refuse(change, HRESULT.invalidParameter, 'the guest alone can only be told of a NIC');
  const endpoint = textOf(fieldsOf(Settings).ID);
  const { name: namespace } = needPart(change, 'guestNamespace', namespaceOf(change, endpoint));
  addPart(change, { kind: 'guest.nicPreAdd', name, endpoint, standsOn: [partKey('guestNamespace', namespace)] });
}

function removePreAdd(change: Change, name: string): void {
  if (findPart(change.vm, 'networkAdapter', name) !== undefined) {
    refuse(change, HRESULT.resourceInUse, `the NIC ${name} is plugged in`);
  }
  removePart(change, 'guest.nicPreAdd', name);
}

/** Tells a Windows guest of an endpoint before its NIC comes, or lets it forget one. */
export function changePreAdd(change: Change): void {
  onlyFor(change, 'windows');
  const name = textOf(fieldsOf(change.guest).AdapterId);
  byVerb(change, { Add: () => addPreAdd(change, name), Remove: () => removePreAdd(change, name) });
}

/** A Windows guest must know the endpoint; a Linux guest learns of it with the NIC. */
function needKnownToGuest(change: Change, name: string, endpoint: string): void {
  const namespace = namespaceOf(change, endpoint);
  const guest = guestHalfOf(change, 'Network');
  if (change.vm.guest === 'linux') {
    const fits = same(textOf(guest.ID), name) && same(textOf(guest.NamespaceID), namespace);
    if (!fits) refuse(change, HRESULT.invalidParameter, 'host and guest are told of different NICs');
    return;
  }
  if (!same(textOf(guest.AdapterId), name)) {
    refuse(change, HRESULT.invalidParameter, 'host and guest are told of different NICs');
  }
  const told = needPart(change, 'guest.nicPreAdd', name);
  if (!same(told.endpoint ?? '', endpoint)) {
    refuse(change, HRESULT.invalidParameter, 'the guest was told of another endpoint');
  }
}

function addNic(change: Change, name: string): void {
  const endpoint = textOf(change.settings.EndpointId);
  needKnownToGuest(change, name, endpoint);
  const parts = [...change.state.systems.values()].flatMap(({ vm }) => vm?.parts ?? []);
  const taken = parts.some((part) => part.kind === 'networkAdapter' && same(part.endpoint ?? '', endpoint));
  if (taken) refuse(change, HRESULT.endpointAttached, endpoint);
  const standsOn = change.vm.guest === 'windows' ? [partKey('guestNamespace', namespaceOf(change, endpoint))] : [];
  addPart(change, { kind: 'networkAdapter', name, endpoint, standsOn });
}

/** The guest is told before the NIC is unplugged: one that was only told of it forgets it. */
function removeWindowsNic(change: Change, name: string): void {
  if (findPart(change.vm, 'networkAdapter', name) !== undefined) {
    if (!same(textOf(fieldsOf(change.guest).AdapterId), name)) {
      refuse(change, HRESULT.invalidParameter, 'host and guest are told of different NICs');
    }
    removePart(change, 'networkAdapter', name);
  }
  removePart(change, 'guest.nicPreAdd', name);
}

/** hcsshim names the endpoint to a Linux guest instead of the NIC: the guest finds the NIC by either. */
function removeLinuxNic(change: Change, name: string): void {
  const nic = needPart(change, 'networkAdapter', name);
  const told = textOf(fieldsOf(change.guest).ID);
  if (!same(told, name) && !same(told, nic.endpoint ?? '')) {
    refuse(change, HRESULT.elementNotFound, `the guest knows no NIC ${told}`);
  }
  removePart(change, 'networkAdapter', name);
}

/** VirtualMachine/Devices/NetworkAdapters/{id} */
export function changeNic(change: Change): void {
  const [name = ''] = change.names;
  const remove = change.vm.guest === 'windows' ? removeWindowsNic : removeLinuxNic;
  byVerb(change, { Add: () => addNic(change, name), Remove: () => remove(change, name) });
}
