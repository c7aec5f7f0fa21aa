import { HostError } from '../hostError.ts';
import type { GuestPort, VmAccessPort } from '../port.ts';
import type { Caller } from './faults.ts';
import type { HostState } from './state.ts';

const E_NOTIMPL = 0x80004001;

function notThere(call: string): never {
  throw new HostError(call, E_NOTIMPL);
}

export function simulatedGuest(_state: HostState, caller: Caller, _process: string): GuestPort {
  return {
    attach: ({ resource: { vm } }) => caller.make('guest.attach', vm, () => notThere('guest.attach')),
    detach: (vm) => caller.make('guest.detach', vm, () => notThere('guest.detach')),
    exec: (vm) => caller.make('guest.exec', vm, () => notThere('guest.exec')),
    createContainer: ({ resource: { id } }) =>
      caller.make('guest.createContainer', id, () => notThere('guest.createContainer')),
  };
}

export function simulatedVmAccess(_state: HostState, caller: Caller): VmAccessPort {
  return {
    grant: ({ resource: { path } }) => caller.make('vmAccess.grant', path, () => notThere('vmAccess.grant')),
    revoke: (_vm, path) => caller.make('vmAccess.revoke', path, () => notThere('vmAccess.revoke')),
    grantGroup: ({ resource: { path } }) =>
      caller.make('vmAccess.grantGroup', path, () => notThere('vmAccess.grantGroup')),
    revokeGroup: (path) => caller.make('vmAccess.revokeGroup', path, () => notThere('vmAccess.revokeGroup')),
  };
}
