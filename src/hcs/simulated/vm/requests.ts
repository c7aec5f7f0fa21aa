/** HcsModifyComputeSystem of a utility VM. */
import type { VmId } from '../../../domain/ids.ts';
import type { ModifySettingRequest, ModifyVerb } from '../../../domain/modifyRequest.ts';
import { HRESULT } from '../../codeTable.ts';
import { HostError } from '../../hostError.ts';
import type { CallName } from '../faults.ts';
import { fieldsOf } from '../fields.ts';
import type { HostState } from '../state.ts';
import { type Change, onlyFor, refuse } from './change.ts';
import { changeCombinedLayers } from './combinedLayers.ts';
import { changeHvSocket, changePipe, changeVpci } from './devices.ts';
import { changeScsi, changeVpmem } from './disks.ts';
import { changeNamespace, changeNic, changePreAdd } from './nics.ts';
import { changePlan9, changeVsmb } from './shares.ts';
import type { SimulatedVm } from './simulatedVm.ts';

type Handler = (change: Change) => void;

const RESOURCES: ReadonlyArray<readonly [RegExp, Handler]> = [
  [/^Scsi\/([^/]+)\/Attachments\/(\d+)$/, changeScsi],
  [/^VirtualSmb\/Shares$/, changeVsmb],
  [/^Plan9\/Shares$/, changePlan9],
  [/^VirtualPMem\/Devices\/(\d+)(?:\/Mappings\/(\d+))?$/, changeVpmem],
  [/^VirtualPci\/([^/]+)$/, changeVpci],
  [/^NetworkAdapters\/([^/]+)$/, changeNic],
  [/^MappedPipes\/(.+)$/, changePipe],
  [/^HvSocket\/HvSocketConfig\/ServiceTable\/([^/]+)$/, changeHvSocket],
];

const DEVICES = 'VirtualMachine/Devices/';

/** A policy is told to the guest once and leaves nothing that could be taken away. */
const setPolicy: Handler = (change) => onlyFor(change, 'linux');

/** By the type of what only the guest does. HCS wants none where a NIC is taken from a Windows guest. */
const IN_GUEST: ReadonlyMap<string, Handler> = new Map([
  ['CombinedLayers', changeCombinedLayers],
  ['NetworkNamespace', changeNamespace],
  ['Network', changePreAdd],
  ['', changePreAdd],
  ['SecurityPolicy', setPolicy],
]);

/** The VM, which must run. @throws {HostError} SYSTEM_NOT_FOUND, INVALID_STATE */
export function runningVm(state: HostState, call: CallName, id: string): SimulatedVm {
  const system = state.systems.get(id.toLowerCase());
  if (system === undefined) throw new HostError(call, HRESULT.systemNotFound, `there is no system ${id}`);
  if (system.vm === undefined) throw new HostError(call, HRESULT.notSupported, `${id} is no utility VM`);
  if (system.state !== 'Running') throw new HostError(call, HRESULT.invalidState, `the VM ${id} is ${system.state}`);
  return system.vm;
}

function carryOut(change: Change, path: string | undefined): void {
  const handler = path === undefined ? IN_GUEST.get(change.guestType) : undefined;
  if (handler !== undefined && change.guest !== undefined) {
    handler(change);
    return;
  }
  const device = path?.startsWith(DEVICES) === true ? path.slice(DEVICES.length) : '';
  for (const [pattern, changeResource] of RESOURCES) {
    const match = pattern.exec(device);
    if (match === null) continue;
    changeResource({ ...change, names: match.slice(1) });
    return;
  }
  refuse(change, HRESULT.notSupported, `there is no resource ${path ?? change.guestType}`);
}

/** @throws {HostError} when the request is refused: then nothing of it has been done */
export function modifyVm(
  state: HostState,
  call: 'guest.attach' | 'guest.detach',
  system: VmId,
  request: ModifySettingRequest,
): void {
  const vm = runningVm(state, call, system);
  const { ResourcePath, RequestType, Settings, GuestRequest } = request;
  const verb = RequestType ?? GuestRequest?.RequestType;
  const wrong: ModifyVerb = call === 'guest.attach' ? 'Remove' : 'Add';
  const differs = GuestRequest !== undefined && GuestRequest.RequestType !== verb;
  if (verb === undefined || verb === wrong || differs) {
    throw new HostError(call, HRESULT.invalidParameter, `not a request to ${call}: ${verb}`);
  }
  const change: Change = {
    state,
    call,
    id: system.toLowerCase(),
    vm,
    verb,
    settings: fieldsOf(Settings),
    guest: GuestRequest === undefined ? undefined : fieldsOf(GuestRequest.Settings),
    guestType: GuestRequest?.ResourceType ?? '',
    names: [],
  };
  carryOut(change, ResourcePath);
  state.effects.push({ effect: 'system.modify', system, request: structuredClone(request) });
}
