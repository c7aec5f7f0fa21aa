/** The compute systems of a host, and the handles to them. */
import type { ContainerId, VmId } from '../../domain/ids.ts';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import type { SystemHandle } from '../port.ts';
import { runtimeId } from './derived.ts';
import { standsOn } from './documentChecks.ts';
import { exitSystem, FORCED } from './endings.ts';
import type { CallName } from './faults.ts';
import { anyOf, type HostState } from './state.ts';
import type { SimulatedSystem } from './systemState.ts';
import { runsOn } from './whatRuns.ts';

export function openHandle(state: HostState, system: SimulatedSystem, process: string): SystemHandle {
  const handle = state.nextHandle;
  state.nextHandle += 1;
  state.handles.set(handle, { system, process });
  return handle as SystemHandle;
}

/** @throws {HostError} SYSTEM_ALREADY_EXISTS */
export function needFreeId(state: HostState, call: CallName, id: ContainerId | VmId): void {
  if (state.systems.has(id.toLowerCase())) throw new HostError(call, HRESULT.systemAlreadyExists);
}

/** The system of a document that was found good. @throws {HostError} SYSTEM_ALREADY_EXISTS */
export function addSystem(
  state: HostState,
  call: CallName,
  id: ContainerId | VmId,
  document: object,
  kind: Pick<SimulatedSystem, 'vm' | 'hosted'> = {},
): SimulatedSystem {
  needFreeId(state, call, id);
  const system: SimulatedSystem = {
    id,
    owner: 'Owner' in document && typeof document.Owner === 'string' ? document.Owner : '',
    runtimeId: runtimeId(id),
    endsWithLastHandle:
      'ShouldTerminateOnLastHandleClosed' in document && document.ShouldTerminateOnLastHandleClosed === true,
    ...standsOn(document),
    ...kind,
    ...runsOn(state, document, kind),
    state: 'Created',
    isShuttingDown: false,
    pids: [],
    usage: { made: 0, most: 0, endedMs: 0 },
  };
  state.systems.set(id.toLowerCase(), system);
  state.effects.push({ effect: 'system.create', id, document: structuredClone(document) });
  return system;
}

/** Closes a handle; a system that asked for it ends with its last one. */
export function closeHandle(state: HostState, handle: number): void {
  const open = state.handles.get(handle);
  if (open === undefined) return;
  state.handles.delete(handle);
  const { system } = open;
  const isLast = !anyOf(state.handles.values(), (other) => other.system === system);
  if (isLast && system.endsWithLastHandle && system.state !== 'Stopped') exitSystem(state, system, FORCED);
}

/** Closes the handles of every process that `hasEnded`. */
export function closeHandlesOf(state: HostState, hasEnded: (process: string) => boolean): void {
  for (const [handle, { process }] of [...state.handles]) {
    if (hasEnded(process)) closeHandle(state, handle);
  }
  for (const [handle, { process }] of state.processHandles) {
    if (hasEnded(process)) state.processHandles.delete(handle);
  }
}

/** The system of a handle; one of another process is no handle at all. @throws {HostError} ERROR_INVALID_HANDLE */
export function systemOfHandle(state: HostState, call: CallName, handle: number, process: string): SimulatedSystem {
  const open = state.handles.get(handle);
  if (open === undefined || open.process !== process) throw new HostError(call, HRESULT.invalidHandle);
  return open.system;
}
