import { type NamespaceId, namespaceId } from '../../domain/ids.ts';
import { isGone } from '../../hcs/hostError.ts';
import type { NamespaceProperties } from '../../hcs/port.ts';
import { podRoleOf } from '../../oci/pod.ts';
import { attachNamespace, attachNic } from '../../vm/network.ts';
import { Failure, toFault } from '../faults.ts';
import { specOf } from '../input.ts';
import type { Run, Runs } from '../run.ts';
import { attachToVm } from '../vmAttachments.ts';
import { type HostedInput, placeFor } from './input.ts';

const STEP = 'networking';

/** @throws {Failure} when the caller has given a namespace that is not there */
async function existingNamespace(run: Run, id: NamespaceId): Promise<NamespaceProperties> {
  try {
    return await run.step(STEP, 'network.queryNamespace', id, () => run.host.network.queryNamespace(id));
  } catch (error) {
    if (!isGone(error)) throw error;
    throw new Failure({
      ...toFault(error, STEP),
      code: 'namespace-not-found',
      hint: 'Give the id of a namespace that is there (hnsdiag list namespaces), or none to have one made.',
      resource: { description: `namespace ${id}` },
    });
  }
}

/**
 * Makes the namespace of the container known to the guest, and gives each of its endpoints a NIC. A workload lives in
 * the network of its sandbox, which has done that.
 */
export async function joinNetworkOfVm(run: Run, runs: Runs, input: HostedInput): Promise<void> {
  if (podRoleOf(specOf(input))?.role === 'workload') return;
  const id = namespaceId(input.allocations.networkNamespace ?? '');
  const place = placeFor(input, STEP, 'network');
  const namespace = await existingNamespace(run, id);
  const request = { id, settings: namespace.settings };
  await attachToVm(run, place(`network namespace ${id}`), (state, holder) => attachNamespace(state, request, holder));
  for (const member of namespace.endpoints) {
    const endpoint = await run.step(STEP, 'network.queryEndpoint', member, () =>
      run.host.network.queryEndpoint(member),
    );
    const nic = { namespace: id, nicId: runs.dependencies.newId(), endpoint };
    await attachToVm(run, place(`NIC of endpoint ${member}`), (state, holder) => attachNic(state, nic, holder));
  }
}
