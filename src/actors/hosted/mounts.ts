import { makeWindowsFolder } from '../../documents/guestCommands.ts';
import type { Allocated } from '../../machines/createContainer/contract.ts';
import {
  isReadOnly,
  type Mount,
  type MountKind,
  mountKindOf,
  parseExtensibleDisk,
  sandboxMountPath,
} from '../../oci/mounts.ts';
import { nextMount } from '../../vm/attachments.ts';
import { linuxContainerMount } from '../../vm/guestPaths.ts';
import { attachPipe } from '../../vm/pipes.ts';
import { attachPlan9 } from '../../vm/plan9.ts';
import { attachVsmb } from '../../vm/vsmb.ts';
import { specOf } from '../input.ts';
import type { Run } from '../run.ts';
import { attachToVm, type Place } from '../vmAttachments.ts';
import { attachDisk, attachExtensibleDisk } from './disks.ts';
import { execInGuest, type GuestCommand } from './exec.ts';
import { type HostedInput, hostedOf, learned, nextPath, placeFor, traitsOf } from './input.ts';

const STEP = 'resolvingMounts';

/** One mount on its way into the VM. */
interface Entering {
  readonly run: Run;
  readonly input: HostedInput;
  readonly mount: Mount;
  readonly source: string;
  readonly readOnly: boolean;
  readonly index: number;
  readonly place: Place;
}

async function isFile({ run, source }: Entering): Promise<boolean> {
  return (await run.step(STEP, 'files.stat', source, () => run.host.files.stat(source))) === 'file';
}

/** The number is taken also where the disk turns out to be mounted for somebody else. */
async function attachMountDisk(entering: Entering, kind: MountKind, guestPath: string): Promise<string> {
  const { run, source, readOnly, place, mount } = entering;
  const options = traitsOf(entering.input).guest === 'linux' ? { options: mount.options ?? [] } : {};
  const request = { hostPath: source, readOnly, guestPath, ...options };
  const extensible = kind === 'extensibleDisk' ? parseExtensibleDisk(source) : undefined;
  const disk =
    extensible === undefined
      ? await attachDisk(run, place, { ...request, type: kind === 'virtualDisk' ? 'VirtualDisk' : 'PassThru' })
      : await attachExtensibleDisk(run, place, { ...request, hostPath: extensible.path }, extensible.type);
  return disk.guestPath ?? guestPath;
}

async function makeFolder({ run, input, source }: Entering): Promise<string> {
  const folder = sandboxMountPath(source);
  const command: GuestCommand = {
    process: makeWindowsFolder(folder),
    what: `folder ${folder}`,
    code: 'sandbox-directory-failed',
  };
  await execInGuest(run, input, STEP, command);
  return folder;
}

async function shareWithWindows(entering: Entering): Promise<string> {
  const { run, source, readOnly, place } = entering;
  const request = { hostPath: source, isFile: await isFile(entering), readOnly };
  const { guestPath } = await attachToVm(run, place, (state, holder) => attachVsmb(state, request, holder));
  return guestPath;
}

/** A number of the VM is taken for each mount of a Windows container, whatever kind it is of. */
async function enterWindows(entering: Entering, kind: MountKind): Promise<string | null> {
  const { run, input, source, place } = entering;
  const guestPath = await nextPath(run, input, STEP, nextMount);
  switch (kind) {
    case 'virtualDisk':
    case 'physicalDisk':
    case 'extensibleDisk':
      return attachMountDisk(entering, kind, guestPath);
    case 'sandboxFolder':
      return makeFolder(entering);
    case 'pipe': {
      const pipe = await attachToVm(run, place, (state, holder) => attachPipe(state, { hostPath: source }, holder));
      return pipe.guestPath;
    }
    default:
      return shareWithWindows(entering);
  }
}

async function shareWithLinux(entering: Entering): Promise<string> {
  const { run, input, source, readOnly, index, place } = entering;
  const mountPath = linuxContainerMount(hostedOf(input).containerRoot, index);
  const request = { hostPath: source, isFile: await isFile(entering), readOnly, mountPath };
  const { guestPath } = await attachToVm(run, place, (state, holder) => attachPlan9(state, request, holder));
  return guestPath;
}

async function enterLinux(entering: Entering, kind: MountKind): Promise<string | null> {
  const { run, input, source } = entering;
  switch (kind) {
    case 'virtualDisk':
    case 'physicalDisk':
      return attachMountDisk(entering, kind, await nextPath(run, input, STEP, nextMount));
    case 'share':
      return shareWithLinux(entering);
    // The guest knows what these mean.
    case 'sandboxFolder':
    case 'hugePages':
      return source;
    default:
      return null;
  }
}

/** Gives the VM what the mounts of the container need of the host, in their order. */
export async function attachMounts(run: Run, input: HostedInput): Promise<Allocated> {
  const { guest } = traitsOf(input);
  const placeOf = placeFor(input, STEP, 'rest');
  const mounts: Array<string | null> = [];
  for (const [index, mount] of (specOf(input).mounts ?? []).entries()) {
    const { source = '' } = mount;
    const readOnly = isReadOnly(mount);
    const entering = { run, input, mount, source, readOnly, index, place: placeOf(`mount ${source}`) };
    const kind = mountKindOf(mount, guest);
    mounts.push(guest === 'windows' ? await enterWindows(entering, kind) : await enterLinux(entering, kind));
  }
  return learned(input, { mounts });
}
