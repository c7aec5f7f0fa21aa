import type { HvSocketRequest } from '../../vm/hvSocket.ts';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import type { CredentialsPort } from '../port.ts';
import { credentialCookie, credentialService } from './derived.ts';
import type { Caller } from './faults.ts';
import type { HostState } from './state.ts';

function modify(Operation: 'AddInstance' | 'RemoveInstance', OperationDetails: object) {
  return {
    effect: 'service.modify',
    settings: { PropertyType: 'ContainerCredentialGuard', Settings: { Operation, OperationDetails } },
  };
}

/** Only the system itself may use the service. */
const SYSTEM_ONLY = 'D:P(A;;FA;;;SY)';

function serviceOf(id: string): HvSocketRequest {
  return {
    serviceId: credentialService(id),
    bindSecurityDescriptor: SYSTEM_ONLY,
    connectSecurityDescriptor: SYSTEM_ONLY,
    allowWildcardBinds: true,
  };
}

/** The credential guard of the Host Compute Service. */
export function simulatedCredentials(state: HostState, caller: Caller): CredentialsPort {
  return {
    addInstance: ({ resource: { id } }, CredentialSpec, Transport) =>
      caller.make('credentials.addInstance', id, () => {
        if (state.credentialGuards.has(id.toLowerCase())) {
          throw new HostError('credentials.addInstance', HRESULT.alreadyExists);
        }
        const Cookie = credentialCookie(id);
        const guard = { Cookie, RpcEndpoint: Cookie, Transport, CredentialSpec };
        const service = Transport === 'HvSocket' ? { hvSocket: serviceOf(id) } : {};
        state.credentialGuards.set(id.toLowerCase(), { id, state: guard, ...service });
        state.effects.push(modify('AddInstance', { Id: id, CredentialSpec, Transport }));
      }),
    instances: () => caller.make('credentials.instances', 'all', () => [...state.credentialGuards.values()]),
    removeInstance: (id) =>
      caller.make('credentials.removeInstance', id, () => {
        if (!state.credentialGuards.delete(id.toLowerCase())) {
          throw new HostError('credentials.removeInstance', HRESULT.elementNotFound);
        }
        state.effects.push(modify('RemoveInstance', { Id: id }));
      }),
  };
}
