import type { ContainerId, VmId } from '../../domain/ids.ts';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import type { ComputePort, SystemHandle } from '../port.ts';
import { runtimeId } from './derived.ts';
import { objectionTo, standsOn } from './documentChecks.ts';
import type { Caller } from './faults.ts';
import { anyOf, type HostState, type SimulatedHandle, type SimulatedSystem } from './state.ts';

function openHandle(state: HostState, system: SimulatedSystem, process: string): SystemHandle {
  const handle = state.nextHandle;
  state.nextHandle += 1;
  state.handles.set(handle, { system, process });
  return handle as SystemHandle;
}

/** A handle of another process is no handle at all. */
function lookUp(state: HostState, call: string, handle: SystemHandle, process: string): SimulatedHandle {
  const open = state.handles.get(handle);
  if (open === undefined || open.process !== process) throw new HostError(call, HRESULT.invalidHandle);
  return open;
}

/** The system exits: its id is free again, and handles that are still open can only read that it stopped. */
function exit(state: HostState, system: SimulatedSystem): void {
  system.state = 'Stopped';
  const key = system.id.toLowerCase();
  if (state.systems.get(key) === system) state.systems.delete(key);
}

/** Closes a handle; a system that asked for it ends with its last one. */
function closeHandle(state: HostState, handle: number): void {
  const open = state.handles.get(handle);
  if (open === undefined) return;
  state.handles.delete(handle);
  const { system } = open;
  const isLast = !anyOf(state.handles.values(), (other) => other.system === system);
  if (isLast && system.endsWithLastHandle && system.state !== 'Stopped') exit(state, system);
}

function systemOf(state: HostState, id: ContainerId | VmId): SimulatedSystem {
  const system = state.systems.get(id.toLowerCase());
  if (system === undefined) throw new HostError('compute.open', HRESULT.systemNotFound);
  return system;
}

function createSystem(state: HostState, id: ContainerId | VmId, document: object): SimulatedSystem {
  if (state.systems.has(id.toLowerCase())) throw new HostError('compute.create', HRESULT.systemAlreadyExists);
  const objection = objectionTo(document, id, state);
  if (objection !== undefined) {
    throw new HostError('compute.create', HRESULT.invalidJson, `${objection.path}: ${objection.reason}`);
  }
  const system: SimulatedSystem = {
    id,
    owner: 'Owner' in document && typeof document.Owner === 'string' ? document.Owner : '',
    runtimeId: runtimeId(id),
    endsWithLastHandle:
      'ShouldTerminateOnLastHandleClosed' in document && document.ShouldTerminateOnLastHandleClosed === true,
    ...standsOn(document),
    state: 'Created',
  };
  state.systems.set(id.toLowerCase(), system);
  state.effects.push({ effect: 'system.create', id, document: structuredClone(document) });
  return system;
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
      caller.make('compute.start', String(handle), () => {
        lookUp(state, 'compute.start', handle, process).system.state = 'Running';
      }),
    properties: (handle) =>
      caller.make('compute.properties', String(handle), () => {
        const {
          id,
          owner,
          runtimeId: RuntimeId,
          state: State,
        } = lookUp(state, 'compute.properties', handle, process).system;
        return { Id: id, SystemType: 'Container', Owner: owner, RuntimeId, State } as const;
      }),
    terminate: (handle) =>
      caller.make('compute.terminate', String(handle), () => {
        const { system } = lookUp(state, 'compute.terminate', handle, process);
        if (system.state === 'Stopped') throw new HostError('compute.terminate', HRESULT.systemAlreadyStopped);
        exit(state, system);
        state.effects.push({ effect: 'system.terminate', id: system.id });
      }),
    close: (handle) =>
      caller.make('compute.close', String(handle), () => {
        lookUp(state, 'compute.close', handle, process);
        closeHandle(state, handle);
      }),
  };
}

/** Closes the handles of every process that `hasEnded`. */
export function closeHandlesOf(state: HostState, hasEnded: (process: string) => boolean): void {
  for (const [handle, { process }] of [...state.handles]) {
    if (hasEnded(process)) closeHandle(state, handle);
  }
}
