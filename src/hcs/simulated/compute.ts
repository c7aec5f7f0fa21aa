import type { ContainerId, VmId } from '../../domain/ids.ts';
import type { ModifySettingRequest } from '../../domain/modifyRequest.ts';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import type { ComputePort, SystemHandle, SystemProperties } from '../port.ts';
import { objectionTo } from './documentChecks.ts';
import type { CallName } from './faults.ts';
import { pause, resume, shutdown, start, terminate } from './life.ts';
import { modifySystem } from './modify.ts';
import type { Calling } from './processes/processes.ts';
import { needRunning } from './processes/start.ts';
import type { HostState } from './state.ts';
import { processListOf, statisticsOf } from './statistics.ts';
import type { SimulatedSystem } from './systemState.ts';
import { addSystem, closeHandle, needFreeId, openHandle, systemOfHandle } from './systems.ts';
import { vmOf } from './vm/vmDocument.ts';

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

function propertiesOf({ id, owner, runtimeId, state, vm }: SimulatedSystem): SystemProperties {
  const SystemType = vm === undefined ? 'Container' : 'VirtualMachine';
  return { Id: id, SystemType, Owner: owner, RuntimeId: runtimeId, State: state };
}

/** What is to be told of a system that was started. @throws {HostError} SYSTEM_ALREADY_STOPPED, INVALID_STATE */
function needStarted(call: CallName, system: SimulatedSystem): void {
  if (system.state === 'Stopped') throw new HostError(call, HRESULT.systemAlreadyStopped);
  if (system.state === 'Created') throw new HostError(call, HRESULT.invalidState, `${system.id} is Created`);
}

type Handled<T> = (handle: SystemHandle) => Promise<T>;

/** The calls that are about a system behind a handle. */
function callsOnHandles({ state, caller, process, runtime }: Calling) {
  const on =
    <T>(call: CallName, effect: (system: SimulatedSystem) => T): Handled<T> =>
    (handle) =>
      caller.make(call, String(handle), () => effect(systemOfHandle(state, call, handle, process)));
  const toldOf =
    <T>(call: CallName, tell: (of: HostState, system: SimulatedSystem) => T): Handled<T> =>
    (handle) =>
      on(call, (system) => {
        needStarted(call, system);
        return tell(state, system);
      })(handle);
  return {
    start: on('compute.start', (system) => start(state, system)),
    properties: on('compute.properties', propertiesOf),
    terminate: on('compute.terminate', (system) => terminate(state, system)),
    shutdown: on('compute.shutdown', (system) => shutdown(state, system)),
    pause: on('compute.pause', (system) => pause(state, system)),
    resume: on('compute.resume', (system) => resume(state, system)),
    modify: (handle: SystemHandle, request: ModifySettingRequest) =>
      on('compute.modify', (system) => {
        needRunning(state, 'compute.modify', system);
        modifySystem(state, system, request);
      })(handle),
    statistics: toldOf('compute.statistics', statisticsOf),
    processes: toldOf('compute.processes', processListOf),
    close: (handle: SystemHandle) =>
      on('compute.close', () => {
        closeHandle(state, handle);
        runtime.forgetHandle(handle);
      })(handle),
  };
}

/** computecore.dll of the process `process`: compute systems. */
export function simulatedCompute(calling: Calling): ComputePort {
  const { state, caller, process, runtime } = calling;
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
    ...callsOnHandles(calling),
    onExit: (handle, told) => runtime.onSystemExit(process, handle, told),
  };
}
