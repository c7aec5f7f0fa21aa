import {
  areWindowsDriversInstalled,
  installLinuxDrivers,
  installWindowsDrivers,
} from '../../documents/guestCommands.ts';
import type { FaultCode } from '../../domain/faultCodes.ts';
import type { StepName } from '../../domain/step.ts';
import { kernelDriverPaths } from '../../oci/kernelDrivers.ts';
import { nextMount } from '../../vm/attachments.ts';
import { attachVsmb } from '../../vm/vsmb.ts';
import { specOf } from '../input.ts';
import type { Run } from '../run.ts';
import { attachToVm } from '../vmAttachments.ts';
import { attachDisk } from './disks.ts';
import { execInGuest } from './exec.ts';
import { type HostedInput, nextPath, placeFor, traitsOf } from './input.ts';

const FAILED: FaultCode = 'driver-install-failed';

async function installInWindows(run: Run, input: HostedInput, step: StepName, path: string): Promise<void> {
  const isFile = (await run.step(step, 'files.stat', path, () => run.host.files.stat(path))) === 'file';
  const request = { hostPath: path, isFile, readOnly: true };
  const share = await attachToVm(run, placeFor(input, step, 'rest')(`drivers ${path}`), (state, holder) =>
    attachVsmb(state, request, holder),
  );
  const command = { process: installWindowsDrivers(share.guestPath), what: `drivers ${path}`, code: FAILED };
  await execInGuest(run, input, step, { ...command, isDone: areWindowsDriversInstalled });
}

/** Gives a Linux guest the disk with the drivers, and has it install them. */
export async function installInLinux(
  run: Run,
  input: HostedInput,
  step: StepName,
  path: string,
  isGpu: boolean,
): Promise<void> {
  const guestPath = await nextPath(run, input, step, nextMount);
  const request = { hostPath: path, type: 'VirtualDisk', readOnly: true, guestPath, options: [] } as const;
  const disk = await attachDisk(run, placeFor(input, step, 'rest')(`drivers ${path}`), request);
  const drivers = { disk: path, mountedAt: disk.guestPath ?? guestPath, areOfGpu: isGpu };
  const command = { process: installLinuxDrivers(drivers), what: `drivers ${path}`, code: FAILED };
  await execInGuest(run, input, step, command);
}

/** Installs the drivers that the spec names, also where they are installed already: then they are ready for use. */
export async function installDrivers(run: Run, input: HostedInput, step: StepName): Promise<void> {
  for (const path of kernelDriverPaths(specOf(input))) {
    if (traitsOf(input).guest === 'windows') await installInWindows(run, input, step, path);
    else await installInLinux(run, input, step, path, false);
  }
}
