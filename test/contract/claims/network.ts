import assert from 'node:assert/strict';
import { namespaceId } from '../../../src/domain/ids.ts';
import { suite } from '../claim.ts';
import { outcomesOf, refused } from '../expect.ts';
import {
  C1,
  containerDocument,
  containerIntent,
  ENDPOINT,
  EP1,
  EP2,
  endpointIntent,
  NO_ENDPOINT,
  NS1,
  NS2,
  namespaceIntent,
} from '../world.ts';

const NOWHERE = namespaceId('88888888-8888-4888-8888-888888888888');

export const NETWORK = suite('network', [
  [
    'a namespace is made under the id that was chosen for it, and deleted',
    [],
    async ({ host: { network } }) => {
      await network.createNamespace(namespaceIntent());
      try {
        const { id, endpoints, settings } = await network.queryNamespace(NS2);
        assert.deepEqual([id.toLowerCase(), endpoints], [NS2, []]);
        assert.ok('ID' in settings && String(settings.ID).toLowerCase() === NS2);
      } finally {
        await network.deleteNamespace(NS2);
      }
      await refused('network.queryNamespace', network.queryNamespace(NS2), 'ERROR_NOT_FOUND');
    },
  ],
  [
    'what is not there is neither described nor deleted nor given endpoints',
    [],
    async ({ host: { network } }) => {
      await refused('network.queryNamespace', network.queryNamespace(NOWHERE), 'ERROR_NOT_FOUND');
      await refused('network.deleteNamespace', network.deleteNamespace(NOWHERE), 'ERROR_NOT_FOUND');
      const add = network.addEndpoint(endpointIntent(NO_ENDPOINT, NOWHERE));
      await refused('network.addEndpoint', add, 'ERROR_NOT_FOUND', 'HCN_E_ENDPOINT_NOT_FOUND');
      const remove = network.removeEndpoint(NOWHERE, NO_ENDPOINT);
      await refused('network.removeEndpoint', remove, 'ERROR_NOT_FOUND', 'HCN_E_ENDPOINT_NOT_ATTACHED');
    },
  ],
  [
    'an id is taken once, in whatever case',
    ['described'],
    async ({ host: { network } }) => {
      const upper = namespaceId(NS1.toUpperCase());
      await refused('network.createNamespace', network.createNamespace(namespaceIntent(upper)), 'ERROR_ALREADY_EXISTS');
      assert.deepEqual((await network.queryNamespace(upper)).endpoints, []);
    },
  ],
  [
    'of several creates of one id at once, one makes it',
    ['described'],
    async ({ host: { network } }) => {
      const creates = Array.from({ length: 8 }, () => network.createNamespace(namespaceIntent()));
      const lost = Array.from({ length: 7 }, () => 'ERROR_ALREADY_EXISTS');
      assert.deepEqual(await outcomesOf(creates), [...lost, 'ok']);
      await network.deleteNamespace(NS2);
    },
  ],
  [
    'endpoints are added, listed in their order and removed',
    ['described'],
    async ({ host: { network } }) => {
      await network.addEndpoint(endpointIntent(EP2));
      await network.addEndpoint(endpointIntent(EP1));
      const { endpoints, settings } = await network.queryNamespace(NS1);
      assert.deepEqual(endpoints, [EP2, EP1]);
      assert.ok('Resources' in settings && Array.isArray(settings.Resources) && settings.Resources.length === 2);
      await network.removeEndpoint(NS1, EP2);
      assert.deepEqual((await network.queryNamespace(NS1)).endpoints, [EP1]);
      await network.removeEndpoint(NS1, EP1);
      const again = network.removeEndpoint(NS1, EP1);
      await refused('network.removeEndpoint', again, 'HCN_E_ENDPOINT_NOT_ATTACHED');
    },
  ],
  [
    'an endpoint is in one namespace',
    ['described'],
    async ({ host: { network } }) => {
      await network.createNamespace(namespaceIntent());
      const both = [network.addEndpoint(endpointIntent()), network.addEndpoint(endpointIntent(EP1, NS2))];
      assert.deepEqual(await outcomesOf(both), ['HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS', 'ok']);
      const again = network.addEndpoint(endpointIntent());
      await refused('network.addEndpoint', again, 'HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS');
    },
  ],
  [
    'an endpoint that is not there is not added, and not described',
    ['described'],
    async ({ host: { network } }) => {
      const add = network.addEndpoint(endpointIntent(NO_ENDPOINT));
      await refused('network.addEndpoint', add, 'HCN_E_ENDPOINT_NOT_FOUND');
      await refused('network.queryEndpoint', network.queryEndpoint(NO_ENDPOINT), 'HCN_E_ENDPOINT_NOT_FOUND');
      assert.deepEqual((await network.queryNamespace(NS1)).endpoints, []);
    },
  ],
  [
    'an endpoint is described in the words of HNS, with the namespace that it is in',
    ['described'],
    async ({ host: { network } }) => {
      assert.deepEqual(await network.queryEndpoint(EP1), ENDPOINT);
      await network.addEndpoint(endpointIntent());
      assert.deepEqual(await network.queryEndpoint(EP1), { ...ENDPOINT, Namespace: { ID: NS1 } });
    },
  ],
  [
    'a namespace stays while endpoints are in it, or a system stands on it',
    ['described'],
    async ({ host: { network, compute } }) => {
      const remove = (): Promise<void> => network.deleteNamespace(NS1);
      await network.addEndpoint(endpointIntent());
      await refused('network.deleteNamespace', remove(), 'HCN_E_ENTITY_HAS_REFERENCES');
      await network.removeEndpoint(NS1, EP1);
      const document = containerDocument({ Networking: { Namespace: NS1 } });
      const handle = await compute.create(containerIntent(C1), document);
      await refused('network.deleteNamespace', remove(), 'HCN_E_ENTITY_HAS_REFERENCES');
      await compute.close(handle);
      await remove();
    },
  ],
]);
