/** Folders and files of the host that a Windows VM sees through VSMB. */
import { win32 } from 'node:path';
import type { ModifySettingRequest } from '../domain/modifyRequest.ts';
import { present } from '../domain/present.ts';
import { type Guest, vsmbPath } from './guestPaths.ts';
import { type Held, heldBy, replaced } from './holders.ts';
import { type Attached, attachedBefore, attachedNow, type Detached, left, type Refused } from './outcome.ts';

export interface VsmbRequest {
  readonly hostPath: string;
  /** A file is shared through its folder, with access to nothing else in there. */
  readonly isFile: boolean;
  readonly readOnly: boolean;
  /** For layers: files are read whatever their ACLs say. */
  readonly takeBackupPrivilege?: boolean;
  /** Where the file system under the path cannot be mapped directly. */
  readonly noDirectMap?: boolean;
}

/** As HCS spells them; absent is false. */
export type VsmbOptions = Readonly<Record<string, boolean>>;

interface Share {
  /** s1, s2, ...: hexadecimal, never used twice in the life of a VM. */
  readonly name: string;
  /** The folder. */
  readonly hostPath: string;
  readonly readOnly: boolean;
  readonly options: VsmbOptions;
}

export interface VsmbFolderShare extends Share, Held {
  readonly kind: 'folder';
}

/** One line of the list of files that may be opened. Each holder has a line of its own, also for the same file. */
export interface VsmbFile {
  readonly hostPath: string;
  readonly holder: string;
}

export interface VsmbFilesShare extends Share {
  readonly kind: 'files';
  readonly files: readonly VsmbFile[];
}

export type VsmbShare = VsmbFolderShare | VsmbFilesShare;

/** Where a folder or a file is attached. */
export interface VsmbLocation {
  readonly name: string;
  /** The file, as the host spells it; absent for a folder. */
  readonly file?: string;
}

export interface VsmbPlace extends VsmbLocation {
  readonly guestPath: string;
}

export interface VsmbPart {
  readonly guest: Guest;
  readonly vsmb: {
    readonly noDirectMap: boolean;
    readonly noWritableShares: boolean;
    /** How many names were given; it only grows. */
    readonly namesGiven: number;
    readonly shares: readonly VsmbShare[];
  };
}

/** As Go's filepath.Clean leaves a path: no trailing backslash, but for the root of a drive. */
function clean(path: string): string {
  const normal = win32.normalize(path);
  return normal.endsWith('\\') && win32.parse(normal).root !== normal ? normal.slice(0, -1) : normal;
}

function optionsOf(request: VsmbRequest, noDirectMap: boolean): VsmbOptions {
  const { readOnly, isFile } = request;
  return present({
    ReadOnly: readOnly,
    ShareRead: readOnly,
    CacheIo: readOnly,
    PseudoOplocks: readOnly,
    TakeBackupPrivilege: request.takeBackupPrivilege,
    NoDirectmap: noDirectMap || request.noDirectMap,
    RestrictFileAccess: isFile,
    SingleFileMapping: isFile,
  }) as VsmbOptions;
}

function placeOf(share: VsmbShare, file: string | undefined): VsmbPlace {
  if (file === undefined) return { name: share.name, guestPath: vsmbPath(share.name) };
  return { name: share.name, file, guestPath: vsmbPath(share.name, win32.basename(file)) };
}

function withShares<S extends VsmbPart>(attachments: S, shares: readonly VsmbShare[]): S {
  return { ...attachments, vsmb: { ...attachments.vsmb, shares } };
}

function newShare<S extends VsmbPart>(attachments: S, request: VsmbRequest, holder: string): Attached<S, VsmbPlace> {
  const { vsmb } = attachments;
  const namesGiven = vsmb.namesGiven + 1;
  const common = {
    name: `s${namesGiven.toString(16)}`,
    hostPath: clean(request.isFile ? win32.dirname(request.hostPath) : request.hostPath),
    readOnly: request.readOnly,
    options: optionsOf(request, vsmb.noDirectMap),
  };
  const share: VsmbShare = request.isFile
    ? { ...common, kind: 'files', files: [{ hostPath: request.hostPath, holder }] }
    : { ...common, kind: 'folder', holders: [holder] };
  const state = { ...attachments, vsmb: { ...vsmb, namesGiven, shares: [...vsmb.shares, share] } };
  return attachedNow(state, placeOf(share, request.isFile ? request.hostPath : undefined), [putVsmb('Add', share)]);
}

const isLineOf = (hostPath: string | undefined, holder: string) => (line: VsmbFile) =>
  line.hostPath === hostPath && line.holder === holder;

function joinFiles<S extends VsmbPart>(
  attachments: S,
  share: VsmbFilesShare,
  { hostPath }: VsmbRequest,
  holder: string,
): Attached<S, VsmbPlace> {
  const place = placeOf(share, hostPath);
  if (share.files.some(isLineOf(hostPath, holder))) return attachedBefore(attachments, place);
  const grown = { ...share, files: [...share.files, { hostPath, holder }] };
  const state = withShares(attachments, replaced<VsmbShare>(attachments.vsmb.shares, share, grown));
  return attachedNow(state, place, [putVsmb('Update', grown)]);
}

/**
 * Shares a folder or a file. What is shared already in the same mode is shared with the new holder, under the name and
 * with the options that it has; read-only and writable are two shares. Each new holder of a file is told to HCS.
 */
export function attachVsmb<S extends VsmbPart>(
  attachments: S,
  request: VsmbRequest,
  holder: string,
): Attached<S, VsmbPlace> | Refused {
  const { vsmb, guest } = attachments;
  if (guest !== 'windows') return { kind: 'refused', because: 'wrongGuest' };
  if (vsmb.noWritableShares && !request.readOnly) return { kind: 'refused', because: 'writableSharesDenied' };
  const folder = clean(request.isFile ? win32.dirname(request.hostPath) : request.hostPath);
  const kind = request.isFile ? 'files' : 'folder';
  const existing = vsmb.shares.find(
    (one) => one.kind === kind && one.hostPath === folder && one.readOnly === request.readOnly,
  );
  if (existing === undefined) return newShare(attachments, request, holder);
  if (existing.kind === 'files') return joinFiles(attachments, existing, request, holder);
  const shares = replaced<VsmbShare>(vsmb.shares, existing, heldBy(existing, holder));
  return attachedBefore(withShares(attachments, shares), placeOf(existing, undefined));
}

function leaveFiles<S extends VsmbPart>(
  attachments: S,
  share: VsmbFilesShare,
  hostPath: string | undefined,
  holder: string,
): Detached<S> {
  const isMine = isLineOf(hostPath, holder);
  if (!share.files.some(isMine)) return { attachments, isLast: false, modify: [] };
  const files = share.files.filter((line) => !isMine(line));
  const remaining = files.length === 0 ? undefined : { ...share, files };
  const isLast = !files.some((line) => line.hostPath === hostPath);
  const request = remaining === undefined ? removeVsmb(share) : putVsmb('Update', remaining);
  return {
    attachments: withShares(attachments, replaced<VsmbShare>(attachments.vsmb.shares, share, remaining)),
    isLast,
    modify: isLast ? [request] : [],
  };
}

/** `holder` needs the folder or the file no more. The guest loses access to a file as soon as nobody needs it. */
export function detachVsmb<S extends VsmbPart>(attachments: S, where: VsmbLocation, holder: string): Detached<S> {
  const { shares } = attachments.vsmb;
  const share = shares.find(({ name }) => name === where.name);
  if (share?.kind === 'files') return leaveFiles(attachments, share, where.file, holder);
  if (share === undefined) return { attachments, isLast: false, modify: [] };
  const { list, gone } = left([share], share, holder);
  const state = list[0] === share ? attachments : withShares(attachments, replaced<VsmbShare>(shares, share, list[0]));
  return { attachments: state, isLast: gone !== undefined, modify: gone === undefined ? [] : [removeVsmb(gone)] };
}

const RESOURCE_PATH = 'VirtualMachine/Devices/VirtualSmb/Shares';

/** The request that makes the share, or that tells it which files may be opened now. */
export function putVsmb(verb: 'Add' | 'Update', share: VsmbShare): ModifySettingRequest {
  const files = share.kind === 'files' ? { AllowedFiles: share.files.map(({ hostPath }) => hostPath) } : {};
  return {
    ResourcePath: RESOURCE_PATH,
    RequestType: verb,
    Settings: { Name: share.name, Path: share.hostPath, Options: share.options, ...files },
  };
}

export function removeVsmb({ name }: Pick<VsmbShare, 'name'>): ModifySettingRequest {
  return { ResourcePath: RESOURCE_PATH, RequestType: 'Remove', Settings: { Name: name } };
}
