/** The compute systems of a host, and the handles to them. */
import type { ContainerId, VmId } from '../../domain/ids.ts';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import type { SystemHandle } from '../port.ts';
import { runtimeId } from './derived.ts';
import { standsOn } from './documentChecks.ts';
import type { CallName } from './faults.ts';
import type { HostState, SimulatedSystem } from './state.ts';

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
    state: 'Created',
  };
  state.systems.set(id.toLowerCase(), system);
  state.effects.push({ effect: 'system.create', id, document: structuredClone(document) });
  return system;
}

/**
 * The system exits: its id is free again, and handles that are still open can only read that it stopped. A VM takes its
 * containers with it, and all that it had attached.
 */
export function exitSystem(state: HostState, system: SimulatedSystem): void {
  system.state = 'Stopped';
  const key = system.id.toLowerCase();
  if (state.systems.get(key) !== system) return;
  state.systems.delete(key);
  for (const other of [...state.systems.values()]) {
    if (other.hosted?.vm === key) exitSystem(state, other);
  }
}

/** Closes a handle; a system that asked for it ends with its last one. */
export function closeHandle(state: HostState, handle: number): void {
  const open = state.handles.get(handle);
  if (open === undefined) return;
  state.handles.delete(handle);
  const { system } = open;
  const isLast = ![...state.handles.values()].some((other) => other.system === system);
  if (isLast && system.endsWithLastHandle && system.state !== 'Stopped') exitSystem(state, system);
}

/** Closes the handles of every process that `hasEnded`. */
export function closeHandlesOf(state: HostState, hasEnded: (process: string) => boolean): void {
  for (const [handle, { process }] of [...state.handles]) {
    if (hasEnded(process)) closeHandle(state, handle);
  }
}
