/** Folders and files of the host that a Linux VM mounts through Plan 9. */
import { win32 } from 'node:path';
import type { GuestRequest, ModifySettingRequest, ModifyVerb } from '../domain/modifyRequest.ts';
import { present } from '../domain/present.ts';
import type { Guest } from './guestPaths.ts';
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
  type Refused,
} from './outcome.ts';

const PORT = 564;
const FLAGS = { readOnly: 0x1, linuxMetadata: 0x4, restrictFileAccess: 0x80 } as const;

export interface Plan9Request {
  readonly hostPath: string;
  /** A file is shared through its folder, with access to nothing else in there. */
  readonly isFile: boolean;
  readonly readOnly: boolean;
  /** Where the guest mounts the folder (also that of a file); at one place lies one share. */
  readonly mountPath: string;
}

export interface Plan9Share extends Plan9Request, Held {
  /** 0, 1, ...: never used twice in the life of a VM. */
  readonly name: string;
}

export interface Plan9Place {
  readonly name: string;
  /** The folder or the file in the guest. */
  readonly guestPath: string;
}

export interface Plan9Part {
  readonly guest: Guest;
  readonly plan9: {
    readonly noWritableShares: boolean;
    /** How many names were given; it only grows. */
    readonly namesGiven: number;
    readonly shares: readonly Plan9Share[];
  };
}

function placeOf({ name, isFile, mountPath, hostPath }: Plan9Share): Plan9Place {
  return { name, guestPath: isFile ? `${mountPath}/${win32.basename(hostPath)}` : mountPath };
}

/** Makes a share and mounts it. Each place in the guest has a share of its own, also for one folder twice. */
export function attachPlan9<S extends Plan9Part>(
  attachments: S,
  request: Plan9Request,
  holder: string,
): Attached<S, Plan9Place> | Conflict | Refused {
  const { plan9, guest } = attachments;
  if (guest !== 'linux') return { kind: 'refused', because: 'wrongGuest' };
  if (plan9.noWritableShares && !request.readOnly) return { kind: 'refused', because: 'writableSharesDenied' };
  const existing = plan9.shares.find(({ mountPath }) => mountPath === request.mountPath);
  if (existing !== undefined) {
    const shares = joined(plan9.shares, existing, holder);
    const conflict = conflictBetween(existing, request, ['hostPath', 'isFile', 'readOnly']);
    return conflict ?? attachedBefore({ ...attachments, plan9: { ...plan9, shares } }, placeOf(existing));
  }
  const share: Plan9Share = { ...request, name: String(plan9.namesGiven), holders: [holder] };
  const grown = { ...plan9, namesGiven: plan9.namesGiven + 1, shares: [...plan9.shares, share] };
  return attachedNow({ ...attachments, plan9: grown }, placeOf(share), [addPlan9(share)]);
}

/** `holder` needs the share no more; it is unmounted when nobody does. */
export function detachPlan9<S extends Plan9Part>(
  attachments: S,
  where: Pick<Plan9Share, 'name'>,
  holder: string,
): Detached<S> {
  const { plan9 } = attachments;
  const share = plan9.shares.find(({ name }) => name === where.name);
  const { list, gone } = left(plan9.shares, share, holder);
  const state = list === plan9.shares ? attachments : { ...attachments, plan9: { ...plan9, shares: list } };
  return { attachments: state, isLast: gone !== undefined, modify: gone === undefined ? [] : [removePlan9(gone)] };
}

function mappedDirectory(verb: ModifyVerb, { name, mountPath }: Plan9Share, readOnly: boolean): GuestRequest {
  return {
    RequestType: verb,
    ResourceType: 'MappedDirectory',
    Settings: present({ MountPath: mountPath, Port: PORT, ShareName: name, ReadOnly: readOnly }),
  };
}

const RESOURCE_PATH = 'VirtualMachine/Devices/Plan9/Shares';

/** The folder of a file with its trailing backslash, as the share of a file has it. */
function folderOf(file: string): string {
  return file.slice(0, file.length - win32.basename(file).length);
}

export function addPlan9(share: Plan9Share): ModifySettingRequest {
  const { name, hostPath, isFile, readOnly } = share;
  const flags = FLAGS.linuxMetadata | (readOnly ? FLAGS.readOnly : 0) | (isFile ? FLAGS.restrictFileAccess : 0);
  return {
    ResourcePath: RESOURCE_PATH,
    RequestType: 'Add',
    Settings: {
      Name: name,
      AccessName: name,
      Path: isFile ? folderOf(hostPath) : hostPath,
      Port: PORT,
      Flags: flags,
      ...(isFile ? { AllowedFiles: [win32.basename(hostPath)] } : {}),
    },
    GuestRequest: mappedDirectory('Add', share, readOnly),
  };
}

export function removePlan9(share: Plan9Share): ModifySettingRequest {
  return {
    ResourcePath: RESOURCE_PATH,
    RequestType: 'Remove',
    Settings: { Name: share.name, AccessName: share.name, Port: PORT },
    GuestRequest: mappedDirectory('Remove', share, false),
  };
}
