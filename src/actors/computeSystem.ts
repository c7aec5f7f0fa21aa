import { vmId } from '../domain/ids.ts';
import type { Settings } from '../domain/request.ts';
import type { Resource } from '../domain/resource.ts';
import type { Run } from './run.ts';
import { refuseTaken } from './takenId.ts';

const STEP = 'creatingComputeSystem';

/** Makes the compute system: HCS does it, or the guest of the hosting VM. */
export async function createComputeSystem(run: Run, settings: Settings, document: object): Promise<void> {
  const { id, schema, vm } = settings;
  await refuseTaken(run, STEP, id);
  const hosted = vm === undefined ? {} : { vm: vmId(vm.id) };
  const resource: Resource<'computeSystem'> = { kind: 'computeSystem', id, schema, ...hosted };
  const handles = run.handlesOf(id);
  const { compute, guest } = run.host;
  const call = vm === undefined ? 'compute.create' : 'guest.createContainer';
  await run.acquire(STEP, call, resource, async (intent) => {
    handles.push(await (vm === undefined ? compute.create(intent, document) : guest.createContainer(intent, document)));
  });
}
