/** computenetwork.dll, and the network service as vmcompute.dll reaches it. */
import { v4 as uuid } from 'uuid';
import { endpointId, namespaceId } from '../../../src/domain/ids.ts';
import { HRESULT } from '../../../src/hcs/codeTable.ts';
import { HostError } from '../../../src/hcs/hostError.ts';
import { fieldsOf, textOf } from '../../../src/hcs/simulated/fields.ts';
import type { HnsEndpoint } from '../../../src/vm/nicRequests.ts';
import { intend } from '../../support/intents.ts';
import type { NetworkObject, Session } from '../session.ts';
import { type Calls, type Given, NOTHING, notSupported, type Outcome } from './call.ts';

const NO_ID = '00000000-0000-0000-0000-000000000000';

/** An ErrorRecord would be the first field. */
const propertiesOf = (properties: object): Outcome => ({ fields: [undefined, JSON.stringify(properties)] });

async function createNamespace(session: Session, given: Given): Promise<Outcome> {
  const [value, asked] = [given.number(0), given.text(1)];
  const { Owner, Name } = given.document(2);
  const id = namespaceId(asked === NO_ID ? uuid() : asked);
  const namespace = { kind: 'namespace', id, owner: textOf(Owner), name: textOf(Name) } as const;
  await session.process.network.createNamespace(intend(namespace));
  session.networkObjects.set(value, { kind: 'namespace', id });
  return NOTHING;
}

/** Whether it is there is all that an open asks for: no method of the port stands for it. */
function openNamespace({ world, networkObjects }: Session, given: Given): Outcome {
  const id = given.text(1);
  if (!world.state.namespaces.has(id.toLowerCase())) {
    throw new HostError(given.function, HRESULT.elementNotFound, `there is no namespace ${id}`);
  }
  networkObjects.set(given.number(0), { kind: 'namespace', id });
  return NOTHING;
}

function openEndpoint({ world, networkObjects }: Session, given: Given): Outcome {
  const id = given.text(1);
  if (world.state.endpoints?.has(id.toLowerCase()) === false) {
    throw new HostError(given.function, HRESULT.endpointNotFound);
  }
  networkObjects.set(given.number(0), { kind: 'endpoint', id });
  return NOTHING;
}

function objectOf({ networkObjects }: Session, given: Given, kind: NetworkObject['kind']): string {
  const object = networkObjects.get(given.number(0));
  if (object?.kind !== kind) throw new HostError(given.function, HRESULT.invalidHandle);
  return object.id;
}

async function queryNamespace(session: Session, given: Given): Promise<Outcome> {
  const id = namespaceId(objectOf(session, given, 'namespace'));
  return propertiesOf((await session.process.network.queryNamespace(id)).settings);
}

async function modifyNamespace(session: Session, given: Given): Promise<Outcome> {
  const { network } = session.process;
  const namespace = namespaceId(objectOf(session, given, 'namespace'));
  const { ResourceType, RequestType, Settings } = given.document(1);
  if (ResourceType !== 'Endpoint') throw new HostError(given.function, HRESULT.notSupported);
  const { EndpointId, EndpointID } = fieldsOf(Settings);
  const endpoint = endpointId(textOf(EndpointId) || textOf(EndpointID));
  if (RequestType === 'Add') await network.addEndpoint(intend({ kind: 'namespaceEndpoint', namespace, endpoint }));
  else await network.removeEndpoint(namespace, endpoint);
  return NOTHING;
}

/** The endpoint in the words of HCN (HostComputeEndpoint). */
function hcnEndpoint(endpoint: HnsEndpoint): object {
  const { ID, MacAddress, IPAddress, PrefixLength, GatewayAddress } = endpoint;
  const { ID: HostComputeNamespace } = fieldsOf(fieldsOf(endpoint).Namespace);
  return {
    ID,
    HostComputeNamespace,
    MacAddress,
    IpConfigurations: IPAddress === undefined ? [] : [{ IpAddress: IPAddress, PrefixLength }],
    Routes: GatewayAddress === undefined ? [] : [{ NextHop: GatewayAddress, DestinationPrefix: '0.0.0.0/0' }],
    Dns: { Suffix: endpoint.DNSSuffix, ServerList: endpoint.DNSServerList?.split(',') ?? [] },
    SchemaVersion: { Major: 2, Minor: 0 },
  };
}

async function queryEndpoint(session: Session, given: Given): Promise<Outcome> {
  const id = endpointId(objectOf(session, given, 'endpoint'));
  return propertiesOf(hcnEndpoint(await session.process.network.queryEndpoint(id)));
}

function closeObject({ networkObjects }: Session, given: Given): Outcome {
  networkObjects.delete(given.number(0));
  return NOTHING;
}

function hnsVersion(build: number): object {
  if (build >= 20348) return { Major: 13, Minor: 3 };
  return build >= 19041 ? { Major: 11, Minor: 0 } : { Major: 9, Minor: build >= 17763 ? 3 : 0 };
}

const hnsAnswer = (Output: object): Outcome => ({ fields: [JSON.stringify({ Success: true, Output })] });

async function hnsCall({ process, world }: Session, given: Given): Promise<Outcome> {
  const [method, path] = [given.text(0), given.text(1)];
  if (method === 'GET' && path === '/globals/version') return hnsAnswer(hnsVersion(world.state.build));
  const id = /^\/endpoints\/([^/]+)$/.exec(path)?.[1];
  if (method === 'GET' && id !== undefined) return hnsAnswer(await process.network.queryEndpoint(endpointId(id)));
  throw new HostError(given.function, HRESULT.notSupported, `${method} ${path}`);
}

/** What the stand-in has none of. */
const ABSENT: Calls = Object.fromEntries(
  ['Network', 'LoadBalancer', 'SdnRoute'].flatMap((kind) =>
    [`HcnEnumerate${kind}s`, `HcnCreate${kind}`, `HcnOpen${kind}`, `HcnDelete${kind}`].map((name) => [
      name,
      notSupported,
    ]),
  ),
);

export const NETWORK: Calls = {
  ...ABSENT,
  HcnEnumerateNamespaces: ({ world }) => propertiesOf([...world.state.namespaces.values()].map(({ id }) => id)),
  HcnCreateNamespace: createNamespace,
  HcnOpenNamespace: openNamespace,
  HcnModifyNamespace: modifyNamespace,
  HcnQueryNamespaceProperties: queryNamespace,
  HcnDeleteNamespace: async ({ process }, given) => {
    await process.network.deleteNamespace(namespaceId(given.text(0)));
    return NOTHING;
  },
  HcnCloseNamespace: closeObject,
  HcnEnumerateEndpoints: ({ world }) => propertiesOf([...(world.state.endpoints?.keys() ?? [])]),
  HcnOpenEndpoint: openEndpoint,
  HcnQueryEndpointProperties: queryEndpoint,
  HcnCreateEndpoint: notSupported,
  HcnModifyEndpoint: notSupported,
  HcnDeleteEndpoint: notSupported,
  HcnCloseEndpoint: closeObject,
  HNSCall: hnsCall,
};
