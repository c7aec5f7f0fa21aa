import { type ContainerId, vmId } from '../domain/ids.ts';
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

/** Makes the compute system: HCS does it, or the guest of the hosting VM. */
export async function createComputeSystem(run: Run, settings: Settings, document: object): Promise<void> {
  const { id, schema, vm } = settings;
  await refuseTaken(run, id);
  const hosted = vm === undefined ? {} : { vm: vmId(vm.id) };
  const resource: Resource<'computeSystem'> = { kind: 'computeSystem', id, schema, ...hosted };
  const handles = run.handlesOf(id);
  const { compute, guest } = run.host;
  const call = vm === undefined ? 'compute.create' : 'guest.createContainer';
  await run.acquire(STEP, call, resource, async (intent) => {
    handles.push(await (vm === undefined ? compute.create(intent, document) : guest.createContainer(intent, document)));
  });
}
