/** Hypervisor socket services that a VM may reach. */
import type { ModifySettingRequest } from '../domain/modifyRequest.ts';
import { present } from '../domain/present.ts';
import type { Held } from './holders.ts';
import {
  type Attached,
  attachedBefore,
  attachedNow,
  type Conflict,
  conflictBetween,
  type Detached,
  joined,
  left,
} from './outcome.ts';

export interface HvSocketRequest {
  readonly serviceId: string;
  /** SDDL. */
  readonly bindSecurityDescriptor: string;
  /** SDDL. */
  readonly connectSecurityDescriptor: string;
  readonly allowWildcardBinds: boolean;
}

export interface HvSocketService extends HvSocketRequest, Held {}

export interface HvSocketPart {
  readonly hvSocket: { readonly services: readonly HvSocketService[] };
}

/** Opens a service to the VM. Two holders of one service must agree on who may use it. */
export function attachHvSocket<S extends HvSocketPart>(
  attachments: S,
  request: HvSocketRequest,
  holder: string,
): Attached<S, HvSocketService> | Conflict {
  const { services } = attachments.hvSocket;
  const existing = services.find(({ serviceId }) => serviceId === request.serviceId);
  if (existing !== undefined) {
    const properties = ['bindSecurityDescriptor', 'connectSecurityDescriptor', 'allowWildcardBinds'] as const;
    const state = { ...attachments, hvSocket: { services: joined(services, existing, holder) } };
    return conflictBetween(existing, request, properties) ?? attachedBefore(state, existing);
  }
  const service: HvSocketService = { ...request, holders: [holder] };
  const state = { ...attachments, hvSocket: { services: [...services, service] } };
  return attachedNow(state, service, [putHvSocket(service)]);
}

/** `holder` needs the service no more; its entry goes when nobody does. */
export function detachHvSocket<S extends HvSocketPart>(
  attachments: S,
  where: Pick<HvSocketService, 'serviceId'>,
  holder: string,
): Detached<S> {
  const { services } = attachments.hvSocket;
  const service = services.find(({ serviceId }) => serviceId === where.serviceId);
  const { list, gone } = left(services, service, holder);
  return {
    attachments: list === services ? attachments : { ...attachments, hvSocket: { services: list } },
    isLast: gone !== undefined,
    modify: gone === undefined ? [] : [removeHvSocket(gone)],
  };
}

function resourcePath({ serviceId }: Pick<HvSocketService, 'serviceId'>): string {
  return `VirtualMachine/Devices/HvSocket/HvSocketConfig/ServiceTable/${serviceId}`;
}

/** The table knows no Add: an Update makes the entry when there is none. */
export function putHvSocket(service: HvSocketRequest): ModifySettingRequest {
  return {
    ResourcePath: resourcePath(service),
    RequestType: 'Update',
    Settings: present({
      BindSecurityDescriptor: service.bindSecurityDescriptor,
      ConnectSecurityDescriptor: service.connectSecurityDescriptor,
      AllowWildcardBinds: service.allowWildcardBinds,
    }),
  };
}

export function removeHvSocket(service: Pick<HvSocketService, 'serviceId'>): ModifySettingRequest {
  return { ResourcePath: resourcePath(service), RequestType: 'Remove' };
}
