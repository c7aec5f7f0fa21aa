/** The guests of utility VMs, through the guest connection that HCS has to them. */
import type { VmId } from '../../domain/ids.ts';
import type { ModifySettingRequest } from '../../domain/modifyRequest.ts';
import type { GuestPort } from '../port.ts';
import { SYSTEMS } from './bindings/computecore.ts';
import { wide } from './ffi/memory.ts';
import { GuestProcesses } from './guestProcess.ts';
import type { NativeParts } from './nativeParts.ts';
import { type NativeSystems, needVm } from './systems.ts';

export function nativeGuest(parts: NativeParts, systems: NativeSystems): GuestPort {
  const native = parts.libraries.bind('computecore', SYSTEMS);
  const processes = new GuestProcesses(parts);
  // HCS carries out both halves of a request, or neither.
  const modify = async (call: string, vm: VmId, request: ModifySettingRequest): Promise<void> => {
    await systems.within(call, vm, (system) =>
      parts.operations.run(call, (operation) =>
        native.HcsModifyComputeSystem.later(system, operation, wide(JSON.stringify(request)), 0n),
      ),
    );
  };
  return {
    attach: ({ resource: { vm } }, request) => modify('guest.attach', vm, request),
    detach: (vm, request) => modify('guest.detach', vm, request),
    exec: (vm, process) => systems.within('guest.exec', vm, (system) => processes.run('guest.exec', system, process)),
    createContainer: async ({ resource }, document) => {
      const HostingSystemId = needVm('guest.createContainer', resource);
      return systems.create('guest.createContainer', resource.id, { ...document, HostingSystemId });
    },
  };
}
