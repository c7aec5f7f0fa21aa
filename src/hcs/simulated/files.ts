import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import type { FilesPort } from '../port.ts';
import type { Caller, CallName } from './faults.ts';
import { type HostState, keyOf, parentOf, type SimulatedFile } from './state.ts';

function fileOf(state: HostState, call: CallName, path: string): SimulatedFile {
  const file = state.files.get(keyOf(path));
  if (file === undefined) throw new HostError(call, HRESULT.fileNotFound, path);
  return file;
}

/** The path with its prefix replaced by the volume that it is on. */
function finalPath(state: HostState, path: string): string {
  const prefix = Object.keys(state.resolvePath).find((from) => path.toLowerCase().startsWith(from.toLowerCase()));
  return prefix === undefined ? path : `${state.resolvePath[prefix]}${path.slice(prefix.length)}`;
}

function createFolder(state: HostState, path: string): void {
  if (state.files.has(keyOf(path))) throw new HostError('files.createFolder', HRESULT.alreadyExists);
  const above = parentOf(path);
  if (above !== '' && !state.files.has(keyOf(above))) createFolder(state, above);
  state.files.set(keyOf(path), { path, type: 'directory', content: '' });
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
  const folder = keyOf(parentOf(path));
  const isMounted = keyOf(path).endsWith('\\sandbox.vhdx') && state.layers.has(folder);
  if (isMounted) throw new HostError(call, HRESULT.sharingViolation, 'the disk is mounted');
  state.files.delete(keyOf(path));
  state.madeScratches.delete(folder);
  state.effects.push({ effect: 'file.remove', path });
}

export function simulatedFiles(state: HostState, caller: Caller): FilesPort {
  return {
    stat: (path) => caller.make('files.stat', path, () => state.files.get(keyOf(path))?.type ?? 'missing'),
    read: (path) => caller.make('files.read', path, () => fileOf(state, 'files.read', path).content),
    resolve: (path) =>
      caller.make('files.resolve', path, () => {
        fileOf(state, 'files.resolve', path);
        return finalPath(state, path);
      }),
    createFolder: ({ resource: { path } }) =>
      caller.make('files.createFolder', path, () => {
        createFolder(state, path);
        state.effects.push({ effect: 'folder.create', path });
      }),
    removeFolder: (path) => caller.make('files.removeFolder', path, () => removeFolder(state, path)),
    size: (path) => caller.make('files.size', path, () => fileOf(state, 'files.size', path).content.length),
    readBytes: (path) => caller.make('files.readBytes', path, () => new Uint8Array()),
    copy: ({ resource: { path } }) => caller.make('files.copy', path, () => {}),
    removeFile: (path) => caller.make('files.removeFile', path, () => removeFile(state, path)),
  };
}
