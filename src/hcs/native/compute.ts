/** computecore.dll: compute systems. */
import { setTimeout as after } from 'node:timers/promises';
import type { ComputePort, SystemHandle } from '../port.ts';
import { SYSTEMS } from './bindings/computecore.ts';
import { wide } from './ffi/memory.ts';
import type { NativeParts } from './nativeParts.ts';
import { processList, statistics } from './statistics.ts';
import type { NativeSystems } from './systems.ts';

/** How long an exit that was asked for is waited for before it is asked about again. */
const FIRST_LOOK_MS = 5;
const LONGEST_LOOK_MS = 200;

/** An accepted request to end is no end yet. */
async function exited(systems: NativeSystems, call: string, handle: SystemHandle): Promise<void> {
  for (let delay = FIRST_LOOK_MS; !(await systems.hasExited(call, handle)); delay *= 2) {
    await after(Math.min(delay, LONGEST_LOOK_MS));
  }
}

export function nativeCompute({ libraries }: NativeParts, systems: NativeSystems): ComputePort {
  const native = libraries.bind('computecore', SYSTEMS);
  /** A call that takes options, and is given none. */
  const plainly = (call: string, name: Plain) => async (handle: SystemHandle) => {
    await systems.ask(call, handle, (system, operation) => native[name].later(system, operation, null));
  };
  const terminate = plainly('compute.terminate', 'HcsTerminateComputeSystem');
  return {
    create: ({ resource: { id } }, document) => systems.create('compute.create', id, document),
    open: (id) => systems.open('compute.open', id),
    start: plainly('compute.start', 'HcsStartComputeSystem'),
    properties: (handle) => systems.basicProperties('compute.properties', handle),
    terminate: async (handle) => {
      await terminate(handle);
      await exited(systems, 'compute.terminate', handle);
    },
    shutdown: plainly('compute.shutdown', 'HcsShutDownComputeSystem'),
    pause: plainly('compute.pause', 'HcsPauseComputeSystem'),
    resume: plainly('compute.resume', 'HcsResumeComputeSystem'),
    modify: async (handle, request) => {
      await systems.ask('compute.modify', handle, (system, operation) =>
        native.HcsModifyComputeSystem.later(system, operation, wide(JSON.stringify(request)), 0n),
      );
    },
    statistics: (handle) => statistics(systems, handle),
    processes: (handle) => processList(systems, handle),
    onExit: (handle, told) => systems.events.exits.onExit(handle, told),
    close: (handle) => systems.close('compute.close', handle),
  };
}

type Plain = Exclude<
  keyof typeof SYSTEMS,
  | 'HcsCreateComputeSystem'
  | 'HcsOpenComputeSystem'
  | 'HcsCloseComputeSystem'
  | 'HcsModifyComputeSystem'
  | 'HcsSetComputeSystemCallback'
  | 'HcsEnumerateComputeSystems'
>;
