/** The life of a compute system from its start to its end. */
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import { exitSystem, FORCED, GRACEFUL, isPaused } from './endings.ts';
import type { CallName } from './faults.ts';
import { goOn, signalAll } from './processes/change.ts';
import { needRunning } from './processes/start.ts';
import type { HostState } from './state.ts';
import type { SimulatedSystem } from './systemState.ts';

function needState(call: CallName, system: SimulatedSystem, wanted: SimulatedSystem['state']): void {
  if (system.state === 'Stopped') throw new HostError(call, HRESULT.systemAlreadyStopped);
  if (system.state === wanted) return;
  throw new HostError(call, HRESULT.invalidState, `${system.id} is ${system.state}`);
}

/** A container in a VM is started by its guest. */
export function start(state: HostState, system: SimulatedSystem): void {
  needState('compute.start', system, 'Created');
  if (isPaused(state, system)) throw new HostError('compute.start', HRESULT.invalidState, 'its VM is paused');
  system.state = 'Running';
  system.startedAt = state.now();
  state.effects.push({ effect: 'system.start', system: system.id });
}

/**
 * Its processes are asked to end, and it ends with the last of them; at once, if it has none. A VM goes with all that is
 * in it.
 */
export function shutdown(state: HostState, system: SimulatedSystem): void {
  needRunning(state, 'compute.shutdown', system);
  state.effects.push({ effect: 'system.shutdown', id: system.id });
  if (state.shutdownRefusals.has(system.id.toLowerCase())) return;
  system.isShuttingDown = true;
  if (system.vm === undefined && system.pids.length > 0) {
    signalAll(state, system);
    return;
  }
  exitSystem(state, system, GRACEFUL);
  state.effects.push({ effect: 'system.exit', id: system.id, exit: GRACEFUL });
}

export function terminate(state: HostState, system: SimulatedSystem): void {
  if (system.state === 'Stopped') throw new HostError('compute.terminate', HRESULT.systemAlreadyStopped);
  exitSystem(state, system, FORCED);
  state.effects.push({ effect: 'system.terminate', id: system.id });
}

/** A container that shares the kernel of the host cannot be stopped from running. */
function needPausable(call: CallName, { id, canPause }: SimulatedSystem): void {
  if (canPause) return;
  throw new HostError(call, HRESULT.notConfiguredForOperation, `${id} has no VM of its own`);
}

export function pause(state: HostState, system: SimulatedSystem): void {
  needPausable('compute.pause', system);
  needState('compute.pause', system, 'Running');
  system.state = 'Paused';
  state.effects.push({ effect: 'system.pause', system: system.id });
}

export function resume(state: HostState, system: SimulatedSystem): void {
  needPausable('compute.resume', system);
  needState('compute.resume', system, 'Paused');
  system.state = 'Running';
  goOn(state, system);
  state.effects.push({ effect: 'system.resume', system: system.id });
}
