import type { ContainerId, VmId } from '../domain/ids.ts';
import type { Phase } from '../domain/step.ts';
import { isInvalidHandle } from '../hcs/hostError.ts';
import type { SystemHandle } from '../hcs/port.ts';
import type { Run } from './run.ts';

/** Tries to close a handle that nothing in the ledger stands for. */
const LOOK_CLOSES = 3;

/** Closes a handle of the run. One that is not valid any more was closed by a try before this one. */
export async function closeHandle(run: Run, phase: Phase, id: ContainerId | VmId, handle: SystemHandle): Promise<void> {
  try {
    await run.call(phase, 'compute.close', id, () => run.host.compute.close(handle));
  } catch (error) {
    if (!isInvalidHandle(error)) throw error;
  }
  const handles = run.handlesOf(id);
  const at = handles.indexOf(handle);
  if (at >= 0) handles.splice(at, 1);
}

/** Closes every handle that the run has to the system. */
export async function closeHandles(run: Run, phase: Phase, id: ContainerId | VmId): Promise<void> {
  for (const handle of [...run.handlesOf(id)]) await closeHandle(run, phase, id, handle);
}

/** Closes a handle that was opened to look through it, whatever else the run has to the same system. */
export async function closeLook(run: Run, phase: Phase, id: ContainerId | VmId, handle: SystemHandle): Promise<void> {
  run.handlesOf(id).push(handle);
  for (let left = LOOK_CLOSES - 1; ; left -= 1) {
    try {
      return await closeHandle(run, phase, id, handle);
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}
