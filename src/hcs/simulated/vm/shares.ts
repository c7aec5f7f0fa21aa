/** Folders of the host that a guest sees: over VSMB, or over Plan 9. */
import { vsmbPath } from '../../../vm/guestPaths.ts';
import { HRESULT } from '../../codeTable.ts';
import { fieldsOf, textOf, textsOf } from '../fields.ts';
import { fileKey } from '../state.ts';
import {
  addPart,
  byVerb,
  type Change,
  guestHalfOf,
  needFile,
  needFolder,
  needFree,
  needPart,
  needSamePlace,
  onlyFor,
  refuse,
  removePart,
} from './change.ts';
import { partKey, type VmPart } from './simulatedVm.ts';

/** How a file of a share is referred to. */
export function allowedFileKey(share: string, file: string): string {
  return partKey('vsmbAllowedFile', `${share} ${file}`);
}

function allowedFilesOf(change: Change, hostPath: string): { readonly allowedFiles?: readonly string[] } {
  const { AllowedFiles, Options } = change.settings;
  const isRestricted = fieldsOf(Options).RestrictFileAccess === true;
  const allowedFiles = [...new Set(textsOf(AllowedFiles))];
  if (!isRestricted) {
    return allowedFiles.length === 0
      ? {}
      : refuse(change, HRESULT.invalidParameter, 'the share is not of single files');
  }
  for (const file of allowedFiles) {
    needFile(change, file);
    const isInside = fileKey(change.state, file).startsWith(`${fileKey(change.state, hostPath)}\\`);
    if (!isInside) refuse(change, HRESULT.invalidParameter, `${file} is not in ${hostPath}`);
  }
  return { allowedFiles };
}

function addVsmb(change: Change, name: string): void {
  const hostPath = textOf(change.settings.Path);
  if (name === '') refuse(change, HRESULT.invalidParameter, 'the share has no name');
  needFolder(change, hostPath);
  const isReadOnly = fieldsOf(change.settings.Options).ReadOnly === true;
  const files = allowedFilesOf(change, hostPath);
  addPart(change, {
    kind: 'vsmbShare',
    name,
    hostPath,
    isReadOnly,
    guestPath: vsmbPath(name),
    ...files,
    standsOn: [],
  });
}

/** Only the files of a share of single files can change. */
function updateVsmb(change: Change, share: VmPart): void {
  const hostPath = textOf(change.settings.Path);
  const isSame = fileKey(change.state, hostPath) === fileKey(change.state, share.hostPath ?? '');
  if (!isSame || share.allowedFiles === undefined) {
    refuse(change, HRESULT.invalidParameter, 'only the files of a share of single files can change');
  }
  const next = allowedFilesOf(change, hostPath);
  for (const file of share.allowedFiles ?? []) {
    if (next.allowedFiles?.includes(file) !== true) needFree(change, allowedFileKey(share.name, file));
  }
  change.vm.parts.splice(change.vm.parts.indexOf(share), 1, { ...share, ...next });
}

/** VirtualMachine/Devices/VirtualSmb/Shares */
export function changeVsmb(change: Change): void {
  onlyFor(change, 'windows');
  const name = textOf(change.settings.Name);
  byVerb(change, {
    Add: () => addVsmb(change, name),
    Update: () => updateVsmb(change, needPart(change, 'vsmbShare', name)),
    Remove: () => removePart(change, 'vsmbShare', name),
  });
}

function addPlan9(change: Change, name: string): void {
  const { Path, AllowedFiles } = change.settings;
  const hostPath = textOf(Path);
  needFolder(change, hostPath);
  const allowedFiles = textsOf(AllowedFiles);
  for (const file of allowedFiles) needFile(change, `${hostPath.replace(/\\+$/, '')}\\${file}`);
  const { MountPath, ReadOnly } = guestHalfOf(change, 'MappedDirectory');
  const isReadOnly = ReadOnly === true;
  const files = allowedFiles.length === 0 ? {} : { allowedFiles };
  const guestPath = textOf(MountPath);
  addPart(change, { kind: 'plan9Share', name, hostPath, isReadOnly, guestPath, ...files, standsOn: [] });
}

/** VirtualMachine/Devices/Plan9/Shares */
export function changePlan9(change: Change): void {
  onlyFor(change, 'linux');
  const name = textOf(change.settings.Name);
  const { ShareName, MountPath } = guestHalfOf(change, 'MappedDirectory');
  if (name === '' || name !== ShareName) {
    refuse(change, HRESULT.invalidParameter, 'host and guest are told of different shares');
  }
  byVerb(change, {
    Add: () => addPlan9(change, name),
    Remove: () => {
      needSamePlace(change, needPart(change, 'plan9Share', name), MountPath);
      removePart(change, 'plan9Share', name);
    },
  });
}
