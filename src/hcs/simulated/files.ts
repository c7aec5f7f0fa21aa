import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import type { FilesPort } from '../port.ts';
import type { Caller, CallName } from './faults.ts';
import { addFile, fileKey, type HostState, keyOf, parentOf, type SimulatedFile } from './state.ts';
import { forgetGrants } from './vm/access.ts';
import { fileIsInUse } from './vm/diskUse.ts';

function fileOf(state: HostState, call: CallName, path: string): SimulatedFile {
  const file = state.files.get(fileKey(state, path));
  if (file === undefined) throw new HostError(call, HRESULT.fileNotFound, path);
  return file;
}

/** The path, as it is spelled on the disk, with its prefix replaced by the volume that it is on. */
function finalPath(state: HostState, path: string): string {
  const prefix = Object.keys(state.resolvePath).find((from) => path.toLowerCase().startsWith(from.toLowerCase()));
  return prefix === undefined ? path : `${state.resolvePath[prefix]}${path.slice(prefix.length)}`;
}

function createFolder(state: HostState, path: string): void {
  if (state.files.has(keyOf(path))) throw new HostError('files.createFolder', HRESULT.alreadyExists);
  const above = parentOf(path);
  if (above !== '' && !state.files.has(keyOf(above))) createFolder(state, above);
  addFile(state, { path, dir: true });
  state.madeFolders.set(keyOf(path), path);
}

function removeFolder(state: HostState, path: string): void {
  const call = 'files.removeFolder';
  const key = keyOf(path);
  if (state.files.get(key)?.type !== 'directory') throw new HostError(call, HRESULT.pathNotFound, path);
  const filled = [...state.files.keys()].some((other) => other.startsWith(`${key}\\`));
  if (filled) throw new HostError(call, HRESULT.directoryNotEmpty, path);
  state.files.delete(key);
  state.madeFolders.delete(key);
  state.effects.push({ effect: 'folder.remove', path });
}

function removeFile(state: HostState, path: string): void {
  const call = 'files.removeFile';
  fileOf(state, call, path);
  if (fileIsInUse(state, path, false)) throw new HostError(call, HRESULT.sharingViolation, 'the disk is in use');
  state.files.delete(keyOf(path));
  forgetGrants(state, path);
  state.madeFiles.delete(keyOf(path));
  if (keyOf(path).endsWith('\\sandbox.vhdx')) state.madeScratches.delete(keyOf(parentOf(path)));
  state.effects.push({ effect: 'file.remove', path });
}

/** What is in the file; of one whose content nobody gave, zeros. */
function bytesOf({ bytes, content, size }: SimulatedFile): Uint8Array {
  const known = bytes === undefined ? Buffer.from(content, 'utf8') : Buffer.from(bytes, 'base64');
  return known.length >= size ? known : Buffer.concat([known, Buffer.alloc(size - known.length)]);
}

function copy(state: HostState, from: string, to: string): void {
  const call = 'files.copy';
  const file = fileOf(state, call, from);
  if (file.type === 'directory') throw new HostError(call, HRESULT.accessDenied, `${from} is a folder`);
  if (state.files.has(keyOf(to))) throw new HostError(call, HRESULT.fileExists, to);
  if (state.files.get(keyOf(parentOf(to)))?.type !== 'directory') throw new HostError(call, HRESULT.pathNotFound, to);
  state.files.set(keyOf(to), { ...file, path: to });
  state.madeFiles.set(keyOf(to), to);
  state.effects.push({ effect: 'file.copy', from, to });
}

export function simulatedFiles(state: HostState, caller: Caller): FilesPort {
  return {
    stat: (path) => caller.make('files.stat', path, () => state.files.get(fileKey(state, path))?.type ?? 'missing'),
    read: (path) => caller.make('files.read', path, () => fileOf(state, 'files.read', path).content),
    resolve: (path) =>
      caller.make('files.resolve', path, () => {
        return finalPath(state, fileOf(state, 'files.resolve', path).path);
      }),
    createFolder: ({ resource: { path, made } }) =>
      caller.make('files.createFolder', path, () => {
        const ground = parentOf(made);
        const isThere = ground === '' || state.files.has(keyOf(ground));
        if (!isThere) throw new HostError('files.createFolder', HRESULT.pathNotFound, ground);
        createFolder(state, path);
        state.effects.push({ effect: 'folder.create', path });
      }),
    removeFolder: (path) => caller.make('files.removeFolder', path, () => removeFolder(state, path)),
    size: (path) => caller.make('files.size', path, () => fileOf(state, 'files.size', path).size),
    readBytes: (path, offset, length) =>
      caller.make('files.readBytes', path, () => {
        const bytes = bytesOf(fileOf(state, 'files.readBytes', path));
        return Uint8Array.from(bytes.subarray(offset, offset + length));
      }),
    copy: ({ resource: { path } }, from) => caller.make('files.copy', path, () => copy(state, from, path)),
    removeFile: (path) => caller.make('files.removeFile', path, () => removeFile(state, path)),
  };
}
