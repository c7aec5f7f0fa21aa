import type { ContainerId } from '../domain/ids.ts';
import type { Settings } from '../domain/request.ts';
import type { Resource } from '../domain/resource.ts';
import { isGone } from '../hcs/hostError.ts';
import { Failure } from './faults.ts';
import type { Run } from './run.ts';

const STEP = 'creatingComputeSystem';

/** A system that has our id before we make it is somebody else's. */
async function refuseTaken(run: Run, id: ContainerId): Promise<void> {
  try {
    const handle = await run.step(STEP, 'compute.open', id, () => run.host.compute.open(id));
    await run.call(STEP, 'compute.close', id, () => run.host.compute.close(handle));
  } catch (error) {
    if (isGone(error)) return;
    throw error;
  }
  throw new Failure({
    code: 'container-id-taken',
    message: `there is already a compute system ${id} on this host, and it is not ours`,
    hint: `Use another id, or look at the one that has it (hcsdiag list) and end it (hcsdiag kill ${id}).`,
    step: STEP,
    transient: false,
    resource: { description: `compute system ${id}` },
  });
}

export async function createComputeSystem(run: Run, settings: Settings, document: object): Promise<void> {
  const { id, schema } = settings;
  await refuseTaken(run, id);
  const resource: Resource<'computeSystem'> = { kind: 'computeSystem', id, schema };
  const handles = run.handlesOf(id);
  await run.acquire(STEP, 'compute.create', resource, async (intent) => {
    handles.push(await run.host.compute.create(intent, document));
  });
}
