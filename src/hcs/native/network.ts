/** Namespaces by computenetwork.dll; endpoints in the words of HNS, in which a Windows guest is told of them. */
import { type EndpointId, endpointId, type NamespaceId } from '../../domain/ids.ts';
import type { HnsEndpoint } from '../../vm/nicRequests.ts';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import type { NamespaceProperties, NetworkPort } from '../port.ts';
import type { Blocking } from './blocking.ts';
import type { Libraries } from './ffi/declaring.ts';
import { wide } from './ffi/memory.ts';
import { field, listField, objectIn, textField } from './fields.ts';
import { guidOf, HcnCalls } from './hcn.ts';
import { Hns } from './hns.ts';

const SCHEMA = { SchemaVersion: { Major: 2, Minor: 0 } };
const document = (value: object): Uint8Array | null => wide(JSON.stringify(value));

/** HostComputeNamespace.Resources has containers in it as well. */
function endpointsIn(settings: object): readonly EndpointId[] {
  return listField(settings, 'Resources')
    .filter((resource) => textField(resource, 'Type') === 'Endpoint')
    .flatMap((resource) => textField(field(resource, 'Data'), 'ID') ?? [])
    .map(endpointId);
}

function namespaceIn(call: string, id: NamespaceId, text: string): NamespaceProperties {
  const settings = objectIn(text);
  if (settings === undefined) throw new HostError(call, HRESULT.unexpected, text);
  return { id, endpoints: endpointsIn(settings), settings };
}

function endpointIn(call: string, output: unknown): HnsEndpoint {
  const id = textField(output, 'ID');
  if (id === undefined) throw new HostError(call, HRESULT.unexpected, JSON.stringify(output));
  return { ...Object(output), ID: id };
}

class NativeNetwork implements NetworkPort {
  readonly #hcn: HcnCalls;
  readonly #hns: Hns;

  constructor(libraries: Libraries, blocking: Blocking) {
    this.#hcn = new HcnCalls(libraries, blocking);
    this.#hns = new Hns(libraries, blocking);
  }

  async createNamespace({ resource: { id, owner, name } }: Parameters<NetworkPort['createNamespace']>[0]) {
    const call = 'network.createNamespace';
    const [guid, hcn] = [guidOf(call, id), this.#hcn.functions];
    const settings = document({ ...SCHEMA, Owner: owner, Name: name });
    await this.#hcn.withHandle(
      call,
      async (handle, record) => hcn.HcnCreateNamespace.later(guid, settings, handle, record),
      (handle) => hcn.HcnCloseNamespace.later(handle),
      async () => {},
    );
  }

  /** The namespace is open for the length of one use. */
  async #withNamespace<T>(call: string, id: NamespaceId, use: (handle: bigint) => Promise<T>): Promise<T> {
    const [guid, hcn] = [guidOf(call, id), this.#hcn.functions];
    return this.#hcn.withHandle(
      call,
      async (handle, record) => hcn.HcnOpenNamespace.later(guid, handle, record),
      (handle) => hcn.HcnCloseNamespace.later(handle),
      use,
    );
  }

  async queryNamespace(id: NamespaceId): Promise<NamespaceProperties> {
    const call = 'network.queryNamespace';
    const hcn = this.#hcn.functions;
    const properties = await this.#withNamespace(call, id, (handle) =>
      this.#hcn.text(call, async (out, record) =>
        hcn.HcnQueryNamespaceProperties.later(handle, document(SCHEMA), out, record),
      ),
    );
    return namespaceIn(call, id, properties);
  }

  async deleteNamespace(id: NamespaceId): Promise<void> {
    const call = 'network.deleteNamespace';
    const guid = guidOf(call, id);
    await this.#hcn.recorded(call, async (record) => this.#hcn.functions.HcnDeleteNamespace.later(guid, record));
  }

  async #modify(call: string, id: NamespaceId, RequestType: 'Add' | 'Remove', EndpointId: EndpointId): Promise<void> {
    const request = document({ ResourceType: 'Endpoint', RequestType, Settings: { EndpointId } });
    await this.#withNamespace(call, id, (handle) =>
      this.#hcn.recorded(call, async (record) => this.#hcn.functions.HcnModifyNamespace.later(handle, request, record)),
    );
  }

  addEndpoint({ resource: { namespace, endpoint } }: Parameters<NetworkPort['addEndpoint']>[0]): Promise<void> {
    return this.#modify('network.addEndpoint', namespace, 'Add', endpoint);
  }

  removeEndpoint(namespace: NamespaceId, endpoint: EndpointId): Promise<void> {
    return this.#modify('network.removeEndpoint', namespace, 'Remove', endpoint);
  }

  async queryEndpoint(id: EndpointId): Promise<HnsEndpoint> {
    const call = 'network.queryEndpoint';
    guidOf(call, id);
    const answer = await this.#hns.get(call, `/endpoints/${id}`);
    if (answer.success) return endpointIn(call, answer.output);
    if (answer.code === undefined) await this.#openEndpoint(call, id);
    throw new HostError(call, answer.code ?? HRESULT.unspecified, answer.words);
  }

  /** Where HNS tells only words, HCN tells the code: the endpoint that HNS cannot tell of can hardly be opened either. */
  async #openEndpoint(call: string, id: EndpointId): Promise<void> {
    const [guid, hcn] = [guidOf(call, id), this.#hcn.functions];
    await this.#hcn.withHandle(
      call,
      async (handle, record) => hcn.HcnOpenEndpoint.later(guid, handle, record),
      (handle) => hcn.HcnCloseEndpoint.later(handle),
      async () => {},
    );
  }
}

/** The network of this host. Handles are closed and strings freed in every path. */
export function nativeNetwork(libraries: Libraries, blocking: Blocking): NetworkPort {
  return new NativeNetwork(libraries, blocking);
}
