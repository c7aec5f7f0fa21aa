import type { ContainerId, VmId } from '../../domain/ids.ts';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import type { ComputePort, SystemHandle, SystemProperties } from '../port.ts';
import { objectionTo } from './documentChecks.ts';
import type { Caller } from './faults.ts';
import type { HostState, SimulatedHandle, SimulatedSystem } from './state.ts';
import { addSystem, closeHandle, exitSystem, needFreeId, openHandle } from './systems.ts';
import { vmOf } from './vm/vmDocument.ts';

/** A handle of another process is no handle at all. */
function lookUp(state: HostState, call: string, handle: SystemHandle, process: string): SimulatedHandle {
  const open = state.handles.get(handle);
  if (open === undefined || open.process !== process) throw new HostError(call, HRESULT.invalidHandle);
  return open;
}

function systemOf(state: HostState, id: ContainerId | VmId): SimulatedSystem {
  const system = state.systems.get(id.toLowerCase());
  if (system === undefined) throw new HostError('compute.open', HRESULT.systemNotFound);
  return system;
}

function createSystem(state: HostState, id: ContainerId | VmId, document: object): SimulatedSystem {
  const call = 'compute.create';
  needFreeId(state, call, id);
  const objection = objectionTo(document, id, state);
  if (objection !== undefined) {
    throw new HostError(call, objection.hresult ?? HRESULT.invalidJson, `${objection.path}: ${objection.reason}`);
  }
  const vm = vmOf(document);
  return addSystem(state, call, id, document, vm === undefined ? {} : { vm });
}

function start(state: HostState, system: SimulatedSystem): void {
  if (system.state === 'Stopped') throw new HostError('compute.start', HRESULT.systemAlreadyStopped);
  if (system.state !== 'Created') throw new HostError('compute.start', HRESULT.invalidState);
  system.state = 'Running';
  state.effects.push({ effect: 'system.start', system: system.id });
}

function terminate(state: HostState, system: SimulatedSystem): void {
  if (system.state === 'Stopped') throw new HostError('compute.terminate', HRESULT.systemAlreadyStopped);
  exitSystem(state, system);
  state.effects.push({ effect: 'system.terminate', id: system.id });
}

function propertiesOf({ id, owner, runtimeId, state, vm }: SimulatedSystem): SystemProperties {
  const SystemType = vm === undefined ? 'Container' : 'VirtualMachine';
  return { Id: id, SystemType, Owner: owner, RuntimeId: runtimeId, State: state };
}

/** computecore.dll of the process `process`. */
export function simulatedCompute(state: HostState, caller: Caller, process: string): ComputePort {
  return {
    // A handle is given when its call has answered: one that fails gives none, whatever it did.
    create: ({ resource: { id } }, document) =>
      caller.makeAndAnswer(
        'compute.create',
        id,
        () => createSystem(state, id, document),
        (system) => openHandle(state, system, process),
      ),
    open: (id) =>
      caller.makeAndAnswer(
        'compute.open',
        id,
        () => systemOf(state, id),
        (system) => openHandle(state, system, process),
      ),
    start: (handle) =>
      caller.make('compute.start', String(handle), () =>
        start(state, lookUp(state, 'compute.start', handle, process).system),
      ),
    properties: (handle) =>
      caller.make('compute.properties', String(handle), () =>
        propertiesOf(lookUp(state, 'compute.properties', handle, process).system),
      ),
    terminate: (handle) =>
      caller.make('compute.terminate', String(handle), () =>
        terminate(state, lookUp(state, 'compute.terminate', handle, process).system),
      ),
    close: (handle) =>
      caller.make('compute.close', String(handle), () => {
        lookUp(state, 'compute.close', handle, process);
        closeHandle(state, handle);
      }),
  };
}
