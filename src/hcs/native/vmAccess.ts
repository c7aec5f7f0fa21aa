/** The rights of VMs to files: HCS changes the access lists of the files, in the process of the caller. */
import { HostError } from '../hostError.ts';
import type { VmAccessPort } from '../port.ts';
import { VM_ACCESS, VM_GROUP_ACCESS } from './bindings/computecore.ts';
import { isFailure } from './blocking.ts';
import { wide } from './ffi/memory.ts';
import type { NativeParts } from './nativeParts.ts';

export function nativeVmAccess({ libraries, turns }: NativeParts): VmAccessPort {
  const one = libraries.bind('computecore', VM_ACCESS);
  const all = libraries.bind('computecore', VM_GROUP_ACCESS);
  const change = async (call: string, make: () => Promise<number>): Promise<void> => {
    const hresult = await turns.long(call, make);
    if (isFailure(hresult)) throw new HostError(call, hresult);
  };
  return {
    grant: ({ resource: { vm, path } }) =>
      change('vmAccess.grant', async () => one.HcsGrantVmAccess.later(wide(vm), wide(path))),
    revoke: (vm, path) => change('vmAccess.revoke', async () => one.HcsRevokeVmAccess.later(wide(vm), wide(path))),
    grantGroup: ({ resource: { path } }) =>
      change('vmAccess.grantGroup', async () => all.HcsGrantVmGroupAccess.later(wide(path))),
    revokeGroup: (path) => change('vmAccess.revokeGroup', async () => all.HcsRevokeVmGroupAccess.later(wide(path))),
  };
}
