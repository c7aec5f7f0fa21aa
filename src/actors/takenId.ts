import type { ContainerId, VmId } from '../domain/ids.ts';
import type { StepName } from '../domain/step.ts';
import { isGone } from '../hcs/hostError.ts';
import { Failure } from './faults.ts';
import { closeLook } from './handles.ts';
import type { Run } from './run.ts';

/** A system that has our id before we make it is somebody else's. @throws {Failure} */
export async function refuseTaken(run: Run, step: StepName, id: ContainerId | VmId): Promise<void> {
  try {
    const handle = await run.step(step, 'compute.open', id, () => run.host.compute.open(id));
    await closeLook(run, step, id, handle);
  } catch (error) {
    if (isGone(error)) return;
    throw error;
  }
  throw new Failure({
    code: 'container-id-taken',
    message: `there is already a compute system ${id} on this host, and it is not ours`,
    hint: `Use another id, or look at the one that has it (hcsdiag list) and end it (hcsdiag kill ${id}).`,
    step,
    transient: false,
    resource: { description: `compute system ${id}` },
  });
}
