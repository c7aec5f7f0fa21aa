/** Recorded cases of containers in VMs, and the VM as it was before each of them. */
import { linuxVm, nextContainerRoot, nextMount, type VmAttachments, windowsVm } from '../../src/vm/attachments.ts';
import { linuxContainerMount, linuxContainerRoot } from '../../src/vm/guestPaths.ts';
import { attachLinuxLayer, attachWindowsLayer } from '../../src/vm/layers.ts';
import { attachPlan9 } from '../../src/vm/plan9.ts';
import { attachScsi } from '../../src/vm/scsi.ts';
import type { VerityInfo } from '../../src/vm/verity.ts';
import { attachVsmb } from '../../src/vm/vsmb.ts';
import type { Case } from '../conformance/case.ts';
import { wanted } from './wanted.ts';

export const HOLDER = 'the container';
/** The holder of a file that the container mounts a second time. */
export const SECOND_MOUNT = 'the container, again';

interface Spec {
  readonly mounts?: ReadonlyArray<{ readonly type?: string; readonly source: string; readonly options?: string[] }>;
  readonly windows?: { readonly layerFolders?: readonly string[] };
}

export interface VmCase extends Case {
  readonly request: Case['request'] & {
    readonly spec: Spec;
    readonly uvm: {
      readonly layerFolders?: readonly string[];
      readonly vpmemDeviceCount?: number;
      readonly vpmemSizeBytes?: number;
      readonly vpmemNoMultiMapping?: boolean;
      readonly noDirectMap?: boolean;
      readonly fullyPhysicallyBacked?: boolean;
      readonly noWritableFileShares?: boolean;
    };
    readonly before?: ReadonlyArray<{ readonly options: { readonly id: string }; readonly spec: Spec }>;
  };
}

export type Settings = Readonly<Record<string, unknown>>;

/** The size of a file that is no copy of another one. */
function sizeOf(one: VmCase, path: string): number {
  const file = one.request.host.files?.find((each) => each.path === path);
  return file !== undefined && 'size' in file ? (file.size as number) : 0;
}

function bareVm(one: VmCase): VmAttachments {
  const { uvm } = one.request;
  const noDirectMap = uvm.noDirectMap === true || uvm.fullyPhysicallyBacked === true;
  const noWritableShares = uvm.noWritableFileShares === true;
  if (one.kind === 'xenon') {
    return windowsVm({ scratch: `${uvm.layerFolders?.at(-1)}\\sandbox.vhdx`, noDirectMap, noWritableShares });
  }
  return linuxVm({
    noWritableShares,
    hasLayersOnVpmem: uvm.fullyPhysicallyBacked !== true,
    isVpmemMultiMapped: uvm.vpmemNoMultiMapping !== true,
    ...(uvm.vpmemDeviceCount === undefined ? {} : { vpmemDevices: uvm.vpmemDeviceCount }),
    ...(uvm.vpmemSizeBytes === undefined ? {} : { vpmemDeviceSizeInBytes: uvm.vpmemSizeBytes }),
  });
}

const diskOf = (folder: string) => `${folder}\\layer.vhd`;

export function attachLayer(
  one: VmCase,
  attachments: VmAttachments,
  folder: string,
  holder: string,
  guest: Settings = {},
) {
  if (one.kind === 'xenon') return wanted(attachWindowsLayer(attachments, folder, holder));
  const hostPath = diskOf(folder);
  const request = {
    hostPath,
    sizeInBytes:
      (guest.MappingInfo as { DeviceSizeInBytes: number } | undefined)?.DeviceSizeInBytes ?? sizeOf(one, hostPath),
    ...(guest.VerityInfo === undefined ? {} : { verity: guest.VerityInfo as VerityInfo }),
  };
  return wanted(attachLinuxLayer(attachments, request, holder));
}

function scratchOf(one: VmCase, folder: string): string {
  const [[from, to] = ['', '']] = Object.entries(one.request.host.resolvePath ?? {});
  const path = `${folder}\\sandbox.vhdx`;
  return path.startsWith(from) ? to + path.slice(from.length) : path;
}

/** The VM as the containers left it that were there before: the requests for those are not recorded. */
export function startOf(one: VmCase): VmAttachments {
  let state = bareVm(one);
  for (const { options, spec } of one.request.before ?? []) {
    const holder = `before ${options.id}`;
    const root = one.kind === 'xenon' ? nextContainerRoot(state) : undefined;
    state = root?.attachments ?? state;
    const folders = spec.windows?.layerFolders ?? [];
    for (const folder of folders.slice(0, -1)) state = attachLayer(one, state, folder, holder).attachments;
    const guestPath = root?.guestPath ?? linuxContainerRoot(options.id);
    const disk = { hostPath: scratchOf(one, folders.at(-1) ?? ''), type: 'VirtualDisk', readOnly: false } as const;
    state = wanted(attachScsi(state, { ...disk, guestPath }, holder)).attachments;
    for (const [index, { type, source, options: flags }] of (spec.mounts ?? []).entries()) {
      const share = { hostPath: source, isFile: false, readOnly: flags?.includes('ro') === true };
      if (one.kind === 'xenon') state = wanted(attachVsmb(nextMount(state).attachments, share, holder)).attachments;
      if (type !== 'bind') continue;
      const mountPath = linuxContainerMount(guestPath, index);
      state = wanted(attachPlan9(state, { ...share, mountPath }, holder)).attachments;
    }
  }
  return state;
}
