import { type EndpointId, endpointId, type NamespaceId, namespaceId } from '../domain/ids.ts';
import type { Resource } from '../domain/resource.ts';
import type { Allocated, PreparedInput } from '../machines/createContainer/contract.ts';
import { specOf } from './input.ts';
import type { Run, Runs } from './run.ts';

async function addEndpoint(run: Run, namespace: NamespaceId, endpoint: EndpointId): Promise<void> {
  const resource: Resource<'namespaceEndpoint'> = { kind: 'namespaceEndpoint', namespace, endpoint };
  await run.acquire('networking', 'network.addEndpoint', resource, (intent) => run.host.network.addEndpoint(intent));
}

/** Joins the given namespace, which stays the caller's; or makes one and puts the endpoints into it, in their order. */
export async function configureNetwork(run: Run, runs: Runs, input: PreparedInput): Promise<Allocated> {
  const { settings } = input;
  if (settings.networkNamespace !== '') return { networkNamespace: namespaceId(settings.networkNamespace) };
  const id = namespaceId(runs.dependencies.newId());
  const resource: Resource<'namespace'> = { kind: 'namespace', id, owner: settings.owner, name: `slipway ${run.id}` };
  await run.acquire('networking', 'network.createNamespace', resource, (intent) =>
    run.host.network.createNamespace(intent),
  );
  for (const endpoint of specOf(input).windows?.network?.endpointList ?? []) {
    await addEndpoint(run, id, endpointId(endpoint));
  }
  return { networkNamespace: id };
}
