import assert from 'node:assert/strict';
import { intend } from '../../support/intents.ts';
import { type HostUnderTest, suite } from '../claim.ts';
import { outcomesOf, refused } from '../expect.ts';
import { C1, C2, containerDocument, containerIntent } from '../world.ts';

const SPEC = JSON.stringify({ CmsPlugins: ['ActiveDirectory'], DomainJoinConfig: { MachineAccountName: 'ä☃' } });

const add = ({ host }: HostUnderTest, id = C1, transport: 'LRPC' | 'HvSocket' = 'LRPC') =>
  host.credentials.addInstance(intend({ kind: 'credentialGuard', id }), SPEC, transport);

export const CREDENTIALS = suite('credentials', [
  [
    'an instance is added with its cookie, listed, and removed',
    ['described'],
    async (on) => {
      const { credentials } = on.host;
      assert.deepEqual(await credentials.instances(), []);
      await add(on);
      await add(on, C2, 'HvSocket');
      const [first, second] = [...(await credentials.instances())].sort((a, b) => a.id.localeCompare(b.id));
      assert.deepEqual([first?.id, first?.state.Transport, first?.hvSocket], [C1, 'LRPC', undefined]);
      assert.deepEqual([second?.id, second?.state.Transport], [C2, 'HvSocket']);
      assert.equal(first?.state.CredentialSpec, SPEC);
      assert.notEqual(first?.state.Cookie, second?.state.Cookie);
      assert.match(second?.hvSocket?.serviceId ?? '', /^[0-9a-f-]{36}$/i);
      await credentials.removeInstance(C1);
      assert.deepEqual(
        (await credentials.instances()).map(({ id }) => id),
        [C2],
      );
    },
  ],
  [
    'one is added once, and what is not there is not removed',
    ['described'],
    async (on) => {
      const both = [add(on), add(on)];
      assert.deepEqual(await outcomesOf(both), ['ERROR_ALREADY_EXISTS', 'ok']);
      await on.host.credentials.removeInstance(C1);
      const again = on.host.credentials.removeInstance(C1);
      await refused('credentials.removeInstance', again, 'ERROR_NOT_FOUND');
    },
  ],
  [
    'a container takes the credentials of an instance that is there',
    ['described'],
    async (on) => {
      await add(on);
      const [instance] = await on.host.credentials.instances();
      const document = containerDocument({ ContainerCredentialGuard: instance?.state });
      await on.host.compute.close(await on.host.compute.create(containerIntent(), document));
      await on.host.credentials.removeInstance(C1);
      await refused('compute.create', on.host.compute.create(containerIntent(), document), 'HCS_E_INVALID_JSON');
    },
  ],
]);
