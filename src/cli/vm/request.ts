/** What the command line asks a VM to be. */
import { resolve } from 'node:path';
import { BOOT_FILE } from '../../domain/utilityVm.ts';
import { type CreateVmRequest, isPodVm, VM_DEFAULTS } from '../../domain/vmRequest.ts';
import type { HostDescription } from '../../hcs/simulated/state.ts';
import { parseSpec } from '../../oci/spec.ts';
import { readBundle } from '../bundle.ts';
import { BadInput, readJson } from '../input.ts';

export interface VmArguments {
  readonly id?: string | undefined;
  readonly windows?: boolean | undefined;
  readonly linux?: boolean | undefined;
  readonly podBundle?: string | undefined;
  readonly podSpec?: string | undefined;
  /** A file with options in the words of `UtilityVmOptions`. */
  readonly options?: string | undefined;
  readonly owner?: string | undefined;
  readonly memory?: number | undefined;
  readonly processors?: number | undefined;
  /** Of a Windows VM: read-only layers, then the folder of its scratch. */
  readonly layer?: readonly string[] | undefined;
  /** Of a Linux VM: the folder with kernel and root file system. */
  readonly bootFiles?: string | undefined;
}

const withoutAbsent = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function optionsFile(file: string | undefined): object {
  const options = file === undefined ? {} : readJson(file, 'the options');
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options;
  throw new BadInput('options-invalid', `the options ${file} are no object`, 'Write {"memorySizeInMb": 2048}.');
}

/** The options of the file; those of the command line come first. */
function ofOptions(args: VmArguments): CreateVmRequest {
  const guest = args.windows === true ? 'windows' : args.linux === true ? 'linux' : undefined;
  const { id, owner, memory: memorySizeInMb, processors: processorCount, layer, bootFiles: bootFilesFolder } = args;
  const asked = { id, owner, memorySizeInMb, processorCount, layerFolders: layer, bootFilesFolder, guest };
  // What it really is, the validation finds out.
  return { lifetime: 'host', ...optionsFile(args.options), ...withoutAbsent(asked) } as CreateVmRequest;
}

function ofPod(args: VmArguments): CreateVmRequest {
  const { spec, folder } = readBundle({ bundle: args.podBundle, spec: args.podSpec });
  const id = args.id ?? (folder === undefined ? undefined : `${folder.split(/[\\/]/).at(-1)}-vm`);
  return { podSpec: spec, id, owner: args.owner, bundle: folder && resolve(folder), lifetime: 'host' };
}

/** @throws {BadInput} when it is not said, or said twice, what runs in the VM */
export function vmRequestOf(args: VmArguments): CreateVmRequest {
  const isPod = args.podBundle !== undefined || args.podSpec !== undefined;
  const kinds = [args.windows === true, args.linux === true, isPod].filter(Boolean).length;
  if (kinds > 1 || (kinds === 0 && args.options === undefined)) {
    throw new BadInput(
      'vm-not-chosen',
      `it is ${kinds > 1 ? 'said more than once' : 'not said'} what runs in the VM`,
      'Give one of --windows, --linux, --pod-bundle DIR, --pod-spec FILE, or --options FILE with a guest in it.',
    );
  }
  return isPod ? ofPod(args) : ofOptions(args);
}

function imageLayerOf(request: CreateVmRequest): string | undefined {
  if (isPodVm(request)) {
    const { linux, windows } = parseSpec(request.podSpec).spec;
    return linux === undefined ? windows?.layerFolders?.[0] : undefined;
  }
  return request.guest === 'windows' ? request.layerFolders?.[0] : undefined;
}

/** A host that has what the VM boots from. */
export function assumedByVm(request: CreateVmRequest): HostDescription {
  const image = imageLayerOf(request);
  if (image !== undefined) {
    const folder = `${image}\\UtilityVM`;
    return { files: [{ path: `${folder}\\Files`, dir: true }, { path: `${folder}\\SystemTemplate.vhdx` }] };
  }
  const folder = !isPodVm(request) && request.guest === 'linux' ? request.bootFilesFolder : undefined;
  const boot = folder ?? VM_DEFAULTS.bootFolders[0] ?? '';
  return { files: [BOOT_FILE.kernel, BOOT_FILE.initrd].map((name) => ({ path: `${boot}\\${name}` })) };
}
