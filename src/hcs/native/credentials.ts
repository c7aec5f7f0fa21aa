/** The credential guard of the Host Compute Service (property type ContainerCredentialGuard). */
import { z } from 'zod';
import type { HvSocketRequest } from '../../vm/hvSocket.ts';
import type { CredentialGuardInstance, CredentialsPort } from '../port.ts';
import { documentOf } from './json.ts';
import type { NativeService } from './service.ts';

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

const serviceProperties = z.object({
  Properties: z.tuple([z.object({ Instances: z.array(instance).nullish() })]),
});

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

export function nativeCredentials(service: NativeService): CredentialsPort {
  return {
    addInstance: ({ resource: { id } }, CredentialSpec, Transport) =>
      service.modify('credentials.addInstance', operation('AddInstance', { Id: id, CredentialSpec, Transport })),
    instances: async () => {
      const call = 'credentials.instances';
      const document = await service.properties(call, { PropertyTypes: [PropertyType] });
      const [{ Instances }] = documentOf(call, serviceProperties, document).Properties;
      return (Instances ?? []).map(instanceOf);
    },
    removeInstance: (id) => service.modify('credentials.removeInstance', operation('RemoveInstance', { Id: id })),
  };
}
