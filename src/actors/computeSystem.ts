import type { Settings } from '../domain/request.ts';
import type { Resource } from '../domain/resource.ts';
import type { Run } from './run.ts';
import { refuseTaken } from './takenId.ts';

const STEP = 'creatingComputeSystem';

export async function createComputeSystem(run: Run, settings: Settings, document: object): Promise<void> {
  const { id, schema } = settings;
  await refuseTaken(run, STEP, id);
  const resource: Resource<'computeSystem'> = { kind: 'computeSystem', id, schema };
  const handles = run.handlesOf(id);
  await run.acquire(STEP, 'compute.create', resource, async (intent) => {
    handles.push(await run.host.compute.create(intent, document));
  });
}
