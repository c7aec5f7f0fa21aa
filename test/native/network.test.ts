import { beforeEach, describe, expect, test } from '@jest/globals';
import { endpointId, namespaceId } from '../../src/domain/ids.ts';
import { HostError } from '../../src/hcs/hostError.ts';
import { checkRecord } from '../../src/hcs/native/errorRecord.ts';
import type { NetworkPort } from '../../src/hcs/port.ts';
import type { StandInControl } from '../standin/control.ts';
import { intend } from '../support/intents.ts';
import { codeOf, useKoffiHost } from './koffiHost.ts';
import { NOTHING_LEFT, type StandInCore } from './overStandIns.ts';

const NAMESPACE = namespaceId('6F3D2B8C-4a1e-4d57-8c9a-2b7e5f1d3c60');
const ENDPOINT = endpointId('1b2f4a5e-7c3d-4e8f-9a0b-2c4d6e8f0a1b');
const NO_ENDPOINT = endpointId('00000000-7c3d-4e8f-9a0b-2c4d6e8f0a1b');

const hosts = useKoffiHost({ endpoints: { [ENDPOINT]: { ID: ENDPOINT, MacAddress: '00-15-5D-10-20-30' } } });

let control: StandInControl;
let core: StandInCore;
let network: NetworkPort;

beforeEach(() => {
  ({ control, core } = hosts());
  ({ network } = hosts().host);
});

const create = () => network.createNamespace(intend({ kind: 'namespace', id: NAMESPACE, owner: 'me', name: 'größe' }));
const add = (endpoint = ENDPOINT) =>
  network.addEndpoint(intend({ kind: 'namespaceEndpoint', namespace: NAMESPACE, endpoint }));

describe('the network of the native host', () => {
  test('makes a namespace under the id, the owner and the name that it was told, and deletes it', async () => {
    await create();
    expect(await control.snapshot()).toContainEqual(expect.stringMatching(new RegExp(`namespace.*${NAMESPACE}`, 'i')));
    expect(await control.effects()).toEqual([
      {
        effect: 'namespace.create',
        id: expect.stringMatching(new RegExp(NAMESPACE, 'i')),
        settings: { SchemaVersion: { Major: 2, Minor: 0 }, Owner: 'me', Name: 'größe' },
      },
    ]);
    await network.deleteNamespace(NAMESPACE);
    expect(await codeOf(network.queryNamespace(NAMESPACE))).toBe('network.queryNamespace ERROR_NOT_FOUND');
    expect(core.counts()).toEqual(NOTHING_LEFT);
  });

  test('puts endpoints into a namespace and tells of them', async () => {
    await create();
    await add();
    const { id, endpoints, settings } = await network.queryNamespace(NAMESPACE);
    expect([id, endpoints.map((endpoint) => endpoint.toLowerCase())]).toEqual([NAMESPACE, [ENDPOINT]]);
    expect(settings).toMatchObject({ NamespaceId: expect.any(Number), Resources: [{ Type: 'Endpoint' }] });
    await network.removeEndpoint(NAMESPACE, ENDPOINT);
    expect((await network.queryNamespace(NAMESPACE)).endpoints).toEqual([]);
    expect(core.counts()).toEqual(NOTHING_LEFT);
  });

  test('tells of an endpoint in the words of HNS', async () => {
    expect(await network.queryEndpoint(ENDPOINT)).toMatchObject({ ID: ENDPOINT, MacAddress: '00-15-5D-10-20-30' });
    expect(core.counts()).toEqual(NOTHING_LEFT);
  });

  test('gives the codes of HCN, and leaves nothing open behind them', async () => {
    expect(await codeOf(add())).toBe('network.addEndpoint ERROR_NOT_FOUND');
    await create();
    expect(await codeOf(create())).toBe('network.createNamespace ERROR_ALREADY_EXISTS');
    expect(await codeOf(add(NO_ENDPOINT))).toBe('network.addEndpoint HCN_E_ENDPOINT_NOT_FOUND');
    await add();
    expect(await codeOf(add())).toBe('network.addEndpoint HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS');
    expect(await codeOf(network.deleteNamespace(NAMESPACE))).toBe(
      'network.deleteNamespace HCN_E_ENTITY_HAS_REFERENCES',
    );
    await network.removeEndpoint(NAMESPACE, ENDPOINT);
    expect(await codeOf(network.removeEndpoint(NAMESPACE, ENDPOINT))).toBe(
      'network.removeEndpoint HCN_E_ENDPOINT_NOT_ATTACHED',
    );
    expect(await codeOf(network.queryEndpoint(NO_ENDPOINT))).toBe('network.queryEndpoint HCN_E_ENDPOINT_NOT_FOUND');
    expect(core.counts()).toEqual(NOTHING_LEFT);
  });

  test('closes a namespace whose query or change fails in the library', async () => {
    await create();
    for (const name of ['HcnQueryNamespaceProperties', 'HcnModifyNamespace', 'HcnOpenNamespace']) {
      core.fail(name, 0x80070057);
      const call = name === 'HcnModifyNamespace' ? add() : network.queryNamespace(NAMESPACE);
      expect([name, await codeOf(call)]).toEqual([name, expect.stringMatching(/ ERROR_INVALID_PARAMETER$/)]);
    }
    expect(core.counts()).toEqual(NOTHING_LEFT);
  });

  test('hands no id to HCN that is no GUID', async () => {
    const [id, endpoint] = [namespaceId('web'), endpointId('../networks')];
    const codes = await Promise.all([
      codeOf(network.queryNamespace(id)),
      codeOf(network.deleteNamespace(id)),
      codeOf(network.queryEndpoint(endpoint)),
    ]);
    expect(codes.map((code) => code.split(' ')[1])).toEqual(Array(3).fill('HCN_E_GUID_CONVERSION_FAILURE'));
    expect(await control.calls()).toEqual([]);
  });
});

describe('an ErrorRecord', () => {
  const thrown = (hresult: number, record: string) => {
    try {
      checkRecord('network.addEndpoint', hresult, record);
    } catch (error) {
      return error instanceof HostError ? error.failure : error;
    }
    return 'nothing';
  };

  test('is a failure also beside a code of success', () => {
    const record = '{"Success":false,"Error":"The endpoint was not found. ","ErrorCode":2151350274}';
    expect(thrown(0, record)).toMatchObject({
      name: 'HCN_E_ENDPOINT_NOT_FOUND',
      detail: 'The endpoint was not found.',
    });
    expect(thrown(0, 'it broke')).toMatchObject({ name: 'E_UNEXPECTED', detail: 'it broke' });
  });

  test('says why, and the code stays that of the call', () => {
    const record = '{"Error":"busy","ErrorCode":2151350274}';
    expect(thrown(-2143617004 | 0, record)).toMatchObject({ hresult: '0x803B0014', detail: 'busy' });
    expect(thrown(-2143617004 | 0, '{"Error":')).toMatchObject({ hresult: '0x803B0014', detail: '{"Error":' });
    expect([thrown(0, ''), thrown(0, ' ')]).toEqual(['nothing', 'nothing']);
  });
});
