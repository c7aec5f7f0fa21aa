/** The host that Windows is: computecore.dll and its neighbours, behind the port. */
import { join } from 'node:path/win32';
import type { FilesPort, HostPort } from '../port.ts';
import { nativeCompute } from './compute.ts';
import { nativeCredentials } from './credentials.ts';
import { deferred } from './deferred.ts';
import { windowsFacts } from './facts.ts';
import { chosenFfi, loadFfi } from './ffi/choose.ts';
import { Libraries, type LibraryFiles, type LibraryName } from './ffi/declaring.ts';
import type { FfiName } from './ffi/seam.ts';
import { windowsFiles } from './files.ts';
import { nativeGuest } from './guest.ts';
import { nativeLayers } from './layers.ts';
import { NativeEvents } from './nativeEvents.ts';
import { type NativeParts, nativePartsOf } from './nativeParts.ts';
import { nativeNetwork } from './network.ts';
import { nativeProcesses } from './processes.ts';
import type { SystemEvents } from './systemEvents.ts';
import { NativeSystems } from './systems.ts';
import { nativeVmAccess } from './vmAccess.ts';

export interface WindowsHostOptions {
  /** The library that calls native functions. Default: the one that `SLIPWAY_FFI` names, else koffi. */
  readonly ffi?: FfiName;
  /** Files of the libraries that are not to be taken from the system folder of Windows. */
  readonly libraries?: Partial<LibraryFiles>;
  /** The files of the host. Default: those of the machine. */
  readonly files?: FilesPort;
}

const LIBRARY_NAMES: readonly LibraryName[] = [
  'computecore',
  'computenetwork',
  'computestorage',
  'vmcompute',
  'kernel32',
  'ole32',
  'ntdll',
];

/** By their full paths: a file of the same name in the folder of a program is not taken. */
export function systemLibraries(): LibraryFiles {
  const folder = join(process.env.SystemRoot || 'C:\\Windows', 'System32');
  return Object.fromEntries(LIBRARY_NAMES.map((name) => [name, join(folder, `${name}.dll`)])) as Record<
    LibraryName,
    string
  >;
}

interface Ports extends Omit<HostPort, 'name' | 'onServiceDisconnect'> {
  readonly events: SystemEvents;
}

function portsOf(parts: NativeParts, files: FilesPort | undefined): Ports {
  const { libraries, turns } = parts;
  const systems = new NativeSystems(parts);
  return {
    compute: nativeCompute(parts, systems),
    processes: nativeProcesses(parts, systems),
    network: nativeNetwork(libraries, turns.long),
    layers: nativeLayers(libraries, turns.long),
    credentials: nativeCredentials(libraries, turns.long),
    guest: nativeGuest(parts, systems),
    vmAccess: nativeVmAccess(parts),
    files: files ?? windowsFiles(libraries, turns.long),
    facts: () => windowsFacts(libraries, turns.long),
    events: systems.events,
  };
}

/** Has `told` called when the service dies, as soon as anything is loaded; what is returned ends it. */
function whenLoaded(loaded: Promise<Ports>, told: () => void): () => void {
  let end: (() => void) | undefined;
  let isOver = false;
  void loaded.then(({ events }) => {
    if (!isOver) end = events.onServiceDisconnect(told);
  });
  return () => {
    isOver = true;
    end?.();
  };
}

/**
 * The Host Compute Service of this machine. Nothing native is loaded before the first call. Where a library or the
 * package that calls it is missing, every call rejects with ERROR_MOD_NOT_FOUND and says what to do. It needs the rights
 * of an administrator, or of a member of Hyper-V Administrators. Events come to the main thread only: in a worker
 * thread the port has no `onServiceDisconnect`, and asks for exits again and again.
 * @throws {RangeError} for a value of SLIPWAY_FFI that names no library
 */
export function windowsHost({ ffi, libraries = {}, files }: WindowsHostOptions = {}): HostPort {
  const name = chosenFfi(ffi);
  let isLoaded: (ports: Ports) => void = () => {};
  const loaded = new Promise<Ports>((resolve) => {
    isLoaded = resolve;
  });
  let here: Ports | undefined;
  let loading: Promise<Ports> | undefined;
  const load = async (): Promise<Ports> => {
    const ports = portsOf(
      nativePartsOf(new Libraries(await loadFfi(name), { ...systemLibraries(), ...libraries })),
      files,
    );
    here = ports;
    isLoaded(ports);
    return ports;
  };
  const ports = () => {
    loading ??= load();
    return loading;
  };
  return {
    name: 'windows',
    ...deferred(ports, () => here),
    ...(NativeEvents.areTold && { onServiceDisconnect: (told) => whenLoaded(loaded, told) }),
  };
}
