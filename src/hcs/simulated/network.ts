import type { EndpointId, NamespaceId } from '../../domain/ids.ts';
import type { HnsEndpoint } from '../../vm/nicRequests.ts';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import type { NetworkPort } from '../port.ts';
import type { Caller, CallName } from './faults.ts';
import { type HostState, namespaceNumber, type SimulatedNamespace } from './state.ts';

function namespaceOf(state: HostState, call: CallName, id: NamespaceId): SimulatedNamespace {
  const namespace = state.namespaces.get(id.toLowerCase());
  if (namespace === undefined) throw new HostError(call, HRESULT.elementNotFound, `there is no namespace ${id}`);
  return namespace;
}

const same = (a: string) => (b: string) => a.toLowerCase() === b.toLowerCase();

function modify(id: NamespaceId, RequestType: 'Add' | 'Remove', EndpointId: EndpointId) {
  return {
    effect: 'namespace.modify',
    id,
    settings: { ResourceType: 'Endpoint', RequestType, Settings: { EndpointId } },
  };
}

function addEndpoint(state: HostState, id: NamespaceId, endpoint: EndpointId): void {
  const call = 'network.addEndpoint';
  const namespace = namespaceOf(state, call, id);
  if (state.endpoints !== undefined && !state.endpoints.has(endpoint.toLowerCase())) {
    throw new HostError(call, HRESULT.endpointNotFound);
  }
  const taken = [...state.namespaces.values()].some(({ endpoints }) => endpoints.some(same(endpoint)));
  if (taken) throw new HostError(call, HRESULT.endpointInNamespace);
  namespace.endpoints.push(endpoint);
  state.effects.push(modify(id, 'Add', endpoint));
}

function removeEndpoint(state: HostState, id: NamespaceId, endpoint: EndpointId): void {
  const { endpoints } = namespaceOf(state, 'network.removeEndpoint', id);
  const index = endpoints.findIndex(same(endpoint));
  if (index < 0) throw new HostError('network.removeEndpoint', HRESULT.endpointNotAttached);
  endpoints.splice(index, 1);
  state.effects.push(modify(id, 'Remove', endpoint));
}

function deleteNamespace(state: HostState, id: NamespaceId): void {
  const call = 'network.deleteNamespace';
  const namespace = namespaceOf(state, call, id);
  const used = [...state.systems.values()].some((system) => system.namespace === id.toLowerCase());
  if (used || namespace.endpoints.length > 0) throw new HostError(call, HRESULT.entityHasReferences);
  state.namespaces.delete(id.toLowerCase());
  state.effects.push({ effect: 'namespace.delete', id });
}

/** A HostComputeNamespace. */
function settingsOf({ id, endpoints, number }: SimulatedNamespace): object {
  return {
    ID: id,
    NamespaceId: number,
    Type: 'Guest',
    Resources: endpoints.map((Id) => ({ Type: 'Endpoint', Data: { Id } })),
    SchemaVersion: { Major: 2, Minor: 0 },
  };
}

/** HNS says of an endpoint also which namespace it is in. */
function endpointOf(state: HostState, id: EndpointId): HnsEndpoint {
  const endpoint = state.endpoints === undefined ? { ID: id } : state.endpoints.get(id.toLowerCase());
  if (endpoint === undefined) throw new HostError('network.queryEndpoint', HRESULT.endpointNotFound);
  const namespace = [...state.namespaces.values()].find(({ endpoints }) => endpoints.some(same(id)));
  return namespace === undefined ? { ...endpoint } : { ...endpoint, ...{ Namespace: { ID: namespace.id } } };
}

/** computenetwork.dll. */
export function simulatedNetwork(state: HostState, caller: Caller): NetworkPort {
  return {
    createNamespace: ({ resource: { id, owner, name } }) =>
      caller.make('network.createNamespace', id, () => {
        if (state.namespaces.has(id.toLowerCase()))
          throw new HostError('network.createNamespace', HRESULT.alreadyExists);
        state.namespaces.set(id.toLowerCase(), { id, endpoints: [], number: namespaceNumber(state.namespaces.size) });
        const settings = { SchemaVersion: { Major: 2, Minor: 0 }, Owner: owner, Name: name };
        state.effects.push({ effect: 'namespace.create', id, settings });
      }),
    queryNamespace: (id) =>
      caller.make('network.queryNamespace', id, () => {
        const namespace = namespaceOf(state, 'network.queryNamespace', id);
        return { id, endpoints: [...namespace.endpoints] as EndpointId[], settings: settingsOf(namespace) };
      }),
    deleteNamespace: (id) => caller.make('network.deleteNamespace', id, () => deleteNamespace(state, id)),
    addEndpoint: ({ resource: { namespace, endpoint } }) =>
      caller.make('network.addEndpoint', endpoint, () => addEndpoint(state, namespace, endpoint)),
    queryEndpoint: (id) => caller.make('network.queryEndpoint', id, () => endpointOf(state, id)),
    removeEndpoint: (namespace, endpoint) =>
      caller.make('network.removeEndpoint', endpoint, () => removeEndpoint(state, namespace, endpoint)),
  };
}
