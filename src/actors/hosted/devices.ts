import { listDevices, locationPathsIn } from '../../documents/guestCommands.ts';
import type { Allocated } from '../../machines/createContainer/contract.ts';
import { DEVICE_ID_TYPE, pciFunctionOf } from '../../oci/devices.ts';
import { gpuDriverDisk } from '../../oci/kernelDrivers.ts';
import { attachVpci } from '../../vm/vpci.ts';
import { attachVsmb } from '../../vm/vsmb.ts';
import { Failure } from '../faults.ts';
import { specOf } from '../input.ts';
import type { Run, Runs } from '../run.ts';
import { attachToVm } from '../vmAttachments.ts';
import { installInLinux } from './drivers.ts';
import { execInGuest, type GuestCommand } from './exec.ts';
import { type HostedInput, learned, placeFor, traitsOf, vmOf } from './input.ts';

const STEP = 'assigningDevices';

type SpecDevice = NonNullable<NonNullable<ReturnType<typeof specOf>['windows']>['devices']>[number];
type HostedDevice = NonNullable<NonNullable<Allocated['hosted']>['devices'][number]>;

async function assign(run: Run, runs: Runs, input: HostedInput, { id = '' }: SpecDevice): Promise<string> {
  const request = { ...pciFunctionOf(id), vmBusGuid: runs.dependencies.newId() };
  const device = await attachToVm(run, placeFor(input, STEP, 'rest')(`device ${id}`), (state, holder) =>
    attachVpci(state, request, holder),
  );
  return device.vmBusGuid;
}

/** The tool that lists the devices of a Windows guest lies on the host. */
async function shareDeviceUtil(run: Run, input: HostedInput): Promise<string> {
  const hostPath = input.settings.deviceUtil ?? '';
  const request = { hostPath, isFile: true, readOnly: true };
  const share = await attachToVm(run, placeFor(input, STEP, 'rest')(`tool ${hostPath}`), (state, holder) =>
    attachVsmb(state, request, holder),
  );
  return share.guestPath;
}

function withoutPath(input: HostedInput, id: string): Failure {
  return new Failure({
    code: 'device-without-path',
    message: `the device ${id} was assigned to VM ${vmOf(input)}, but its guest knows no location path for it`,
    hint: 'Look at the device manager of the guest: its driver may be missing (io.microsoft.virtualmachine.kerneldrivers).',
    step: STEP,
    transient: false,
    resource: { description: `device ${id} in VM ${vmOf(input)}` },
  });
}

/** A Windows container names its devices by the paths that they have in the guest. */
async function assignInWindows(run: Run, runs: Runs, input: HostedInput, devices: readonly SpecDevice[]) {
  const tool = await shareDeviceUtil(run, input);
  const assigned: HostedDevice[] = [];
  for (const device of devices) {
    const guid = await assign(run, runs, input, device);
    const command: GuestCommand = {
      process: listDevices(tool, guid),
      what: `the paths of ${device.id}`,
      code: 'device-util-failed',
    };
    const output = await execInGuest(run, input, STEP, command);
    const paths = locationPathsIn(output);
    if (paths.length === 0) throw withoutPath(input, device.id ?? '');
    assigned.push(...paths.map((id) => ({ id, idType: DEVICE_ID_TYPE.locationPath })));
  }
  return assigned;
}

async function assignInLinux(run: Run, runs: Runs, input: HostedInput, devices: readonly SpecDevice[]) {
  const assigned: HostedDevice[] = [];
  for (const device of devices) {
    assigned.push({ id: await assign(run, runs, input, device), idType: device.idType ?? '' });
  }
  const hasGpu = devices.some(({ idType }) => idType === DEVICE_ID_TYPE.gpu);
  if (hasGpu) await installInLinux(run, input, STEP, gpuDriverDisk(specOf(input)), true);
  return assigned;
}

/** Assigns the devices of the spec to the VM, and finds out what they are called in its guest. */
export async function assignDevices(run: Run, runs: Runs, input: HostedInput): Promise<Allocated> {
  const devices = specOf(input).windows?.devices ?? [];
  const assignIn = traitsOf(input).guest === 'windows' ? assignInWindows : assignInLinux;
  return learned(input, { devices: await assignIn(run, runs, input, devices) });
}
