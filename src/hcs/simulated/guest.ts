import type { GuestProcess, GuestProcessResult } from '../../domain/guestProcess.ts';
import type { ContainerId, VmId } from '../../domain/ids.ts';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import type { GuestPort } from '../port.ts';
import type { Caller } from './faults.ts';
import type { HostState } from './state.ts';
import type { SimulatedSystem } from './systemState.ts';
import { addSystem, openHandle } from './systems.ts';
import { answerOf, folderMadeBy } from './vm/exec.ts';
import { hostedBy } from './vm/hostedDocument.ts';
import { modifyVm, runningVm } from './vm/requests.ts';

function exec(state: HostState, system: VmId, process: GuestProcess): GuestProcessResult {
  const { guest, guestFolders } = runningVm(state, 'guest.exec', system);
  const command = guest === 'windows' ? process.CommandLine : process.CommandArgs?.[0];
  if (command === undefined) {
    throw new HostError('guest.exec', HRESULT.invalidJson, `this is no process for a ${guest} guest`);
  }
  const answer = answerOf(state.exec, process);
  const folder = answer.exitCode === 0 ? folderMadeBy(process) : undefined;
  if (folder !== undefined) guestFolders.push(folder);
  state.effects.push({ effect: 'system.exec', system, parameters: structuredClone(process) });
  return answer;
}

function createContainer(state: HostState, vmId: VmId, id: ContainerId, document: object): SimulatedSystem {
  const call = 'guest.createContainer';
  const vm = runningVm(state, call, vmId);
  const found = hostedBy(document, vmId.toLowerCase(), vm, state);
  if ('reason' in found) {
    throw new HostError(call, found.hresult ?? HRESULT.invalidJson, `${found.path}: ${found.reason}`);
  }
  return addSystem(state, call, id, document, { hosted: { vm: vmId.toLowerCase(), standsOn: found.standsOn } });
}

/** @throws {HostError} when the intent names no VM */
function vmOfIntent({ vm }: { readonly vm?: VmId }): VmId {
  if (vm === undefined) throw new HostError('guest.createContainer', HRESULT.invalidParameter, 'no VM is named');
  return vm;
}

/** The guests of the host's VMs, as the process `process` reaches them. */
export function simulatedGuest(state: HostState, caller: Caller, process: string): GuestPort {
  return {
    attach: ({ resource: { vm } }, request) =>
      caller.make('guest.attach', vm, () => modifyVm(state, 'guest.attach', vm, request)),
    detach: (vm, request) => caller.make('guest.detach', vm, () => modifyVm(state, 'guest.detach', vm, request)),
    exec: (vm, parameters) => caller.make('guest.exec', vm, () => exec(state, vm, parameters)),
    createContainer: ({ resource }, document) =>
      caller.makeAndAnswer(
        'guest.createContainer',
        resource.id,
        () => createContainer(state, vmOfIntent(resource), resource.id, document),
        (system) => openHandle(state, system, process),
      ),
  };
}
