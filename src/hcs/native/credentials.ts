/** The credential guard of the Host Compute Service (property type ContainerCredentialGuard). */
import { z } from 'zod';
import type { HvSocketRequest } from '../../vm/hvSocket.ts';
import type { CredentialGuardInstance, CredentialsPort } from '../port.ts';
import type { Blocking } from './blocking.ts';
import type { Libraries } from './ffi/declaring.ts';
import { valueAs } from './json.ts';
import { modifyService, serviceProperties } from './serviceProperties.ts';

const PropertyType = 'ContainerCredentialGuard';

const hvSocketConfig = z.object({
  ServiceId: z.string(),
  ServiceConfig: z
    .object({
      BindSecurityDescriptor: z.string().default(''),
      ConnectSecurityDescriptor: z.string().default(''),
      AllowWildcardBinds: z.boolean().default(false),
    })
    .default({ BindSecurityDescriptor: '', ConnectSecurityDescriptor: '', AllowWildcardBinds: false }),
});

const instance = z.object({
  Id: z.string(),
  CredentialGuard: z.object({
    Cookie: z.string().default(''),
    RpcEndpoint: z.string().default(''),
    Transport: z.enum(['LRPC', 'HvSocket']),
    CredentialSpec: z.string().default(''),
  }),
  HvSocketConfig: hvSocketConfig.nullish(),
});

const guard = z.object({ Instances: z.array(instance).nullish() });

function hvSocketOf({ ServiceId, ServiceConfig }: z.infer<typeof hvSocketConfig>): HvSocketRequest {
  return {
    serviceId: ServiceId,
    bindSecurityDescriptor: ServiceConfig.BindSecurityDescriptor,
    connectSecurityDescriptor: ServiceConfig.ConnectSecurityDescriptor,
    allowWildcardBinds: ServiceConfig.AllowWildcardBinds,
  };
}

function instanceOf({ Id, CredentialGuard, HvSocketConfig }: z.infer<typeof instance>): CredentialGuardInstance {
  const service = HvSocketConfig ? { hvSocket: hvSocketOf(HvSocketConfig) } : {};
  return { id: Id, state: CredentialGuard, ...service };
}

function operation(Operation: 'AddInstance' | 'RemoveInstance', OperationDetails: object): object {
  return { PropertyType, Settings: { Operation, OperationDetails } };
}

export function nativeCredentials(libraries: Libraries, blocking: Blocking): CredentialsPort {
  return {
    addInstance: ({ resource: { id } }, CredentialSpec, Transport) => {
      const request = operation('AddInstance', { Id: id, CredentialSpec, Transport });
      return modifyService(libraries, blocking, 'credentials.addInstance', request);
    },
    instances: async () => {
      const call = 'credentials.instances';
      const properties = await serviceProperties(libraries, blocking, call, PropertyType);
      return (valueAs(call, guard, properties).Instances ?? []).map(instanceOf);
    },
    removeInstance: (id) =>
      modifyService(libraries, blocking, 'credentials.removeInstance', operation('RemoveInstance', { Id: id })),
  };
}
