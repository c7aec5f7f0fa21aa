/** The rights of VMs to files: they are kept with the file, and stay until they are taken back. */
import type { VmId } from '../../../domain/ids.ts';
import { HRESULT } from '../../codeTable.ts';
import { HostError } from '../../hostError.ts';
import type { VmAccessPort } from '../../port.ts';
import type { Caller, CallName } from '../faults.ts';
import { fileKey, type HostState, keyOf } from '../state.ts';

/** GENERIC_ALL. */
const GROUP_MASK = '0x10000000';

/** Whoever unpacks a Linux layer or installs the files that Linux VMs boot from lets all VMs read them. */
const READABLE_BY_ALL_VMS = ['layer.vhd', 'rootfs.vhd', 'initrd.img'];

const grantKey = (state: HostState, vm: string, path: string): string => `${vm.toLowerCase()} ${fileKey(state, path)}`;

/** Whether the VM may open the file. */
export function mayUse(state: HostState, vm: string, path: string): boolean {
  const key = fileKey(state, path);
  const name = key.slice(key.lastIndexOf('\\') + 1);
  return (
    READABLE_BY_ALL_VMS.includes(name) || state.groupGrants.has(key) || state.vmGrants.has(grantKey(state, vm, path))
  );
}

/** The rights to a file go with it. */
export function forgetGrants(state: HostState, path: string): void {
  const key = keyOf(path);
  state.groupGrants.delete(key);
  for (const [grant, { path: granted }] of state.vmGrants) {
    if (fileKey(state, granted) === key) state.vmGrants.delete(grant);
  }
}

/** Disks of the host itself are named so; the simulated host has as many as anybody asks for. */
const DEVICE = '\\\\.\\';

function needPath(state: HostState, call: CallName, path: string): void {
  if (!path.startsWith(DEVICE) && !state.files.has(fileKey(state, path)))
    throw new HostError(call, HRESULT.fileNotFound, path);
}

function revoke(state: HostState, vmId: VmId, path: string): void {
  const call = 'vmAccess.revoke';
  needPath(state, call, path);
  if (!state.vmGrants.delete(grantKey(state, vmId, path))) {
    throw new HostError(call, HRESULT.elementNotFound, `${vmId} has no access to ${path}`);
  }
  state.effects.push({ effect: 'vm.revokeAccess', vmId, path });
}

function revokeGroup(state: HostState, path: string): void {
  const call = 'vmAccess.revokeGroup';
  needPath(state, call, path);
  if (!state.groupGrants.delete(fileKey(state, path))) {
    throw new HostError(call, HRESULT.elementNotFound, `not all VMs have access to ${path}`);
  }
  state.effects.push({ effect: 'vm.revokeGroupAccess', path });
}

/** HcsGrantVmAccess and its kin. A right that is there already is granted again without complaint. */
export function simulatedVmAccess(state: HostState, caller: Caller): VmAccessPort {
  return {
    grant: ({ resource: { vm, path } }) =>
      caller.make('vmAccess.grant', path, () => {
        needPath(state, 'vmAccess.grant', path);
        const key = grantKey(state, vm, path);
        if (!state.vmGrants.has(key)) state.vmGrants.set(key, { vm, path });
        state.effects.push({ effect: 'vm.grantAccess', vmId: vm, path });
      }),
    revoke: (vm, path) => caller.make('vmAccess.revoke', path, () => revoke(state, vm, path)),
    grantGroup: ({ resource: { path } }) =>
      caller.make('vmAccess.grantGroup', path, () => {
        needPath(state, 'vmAccess.grantGroup', path);
        state.groupGrants.set(fileKey(state, path), path);
        state.effects.push({ effect: 'vm.grantGroupAccess', path, mask: GROUP_MASK });
      }),
    revokeGroup: (path) => caller.make('vmAccess.revokeGroup', path, () => revokeGroup(state, path)),
  };
}
