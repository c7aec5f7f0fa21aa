/** Recorded cases of utility VMs: how they are read, and their words for our options. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, win32 } from 'node:path';
import type { HostEvidence } from '../../src/domain/host.ts';
import type {
  LinuxVmOptions,
  UtilityVmOptions,
  UtilityVmRequest,
  WindowsVmOptions,
} from '../../src/domain/utilityVm.ts';
import type { ShimOptions } from '../../src/domain/vmRequest.ts';
import { bootFoldersOf } from '../../src/oci/vm/bootFiles.ts';
import type { VmContext } from '../../src/oci/vm/options.ts';
import type { Effect } from '../../src/testing/index.ts';

interface VmCaseHost {
  readonly build: number;
  readonly processorCount: number;
  readonly files: ReadonlyArray<{ readonly path: string; readonly dir?: boolean }> | null;
  readonly executable: string;
  readonly programFiles: string;
  readonly logLevel: string;
  readonly scrubLogs: boolean;
}

export type VmRequest =
  | { readonly type: 'wcow' | 'lcow'; readonly options: Readonly<Record<string, unknown>> }
  | {
      readonly podSpec: unknown;
      readonly id: string;
      readonly owner: string;
      readonly bundle: string;
      readonly shimOptions?: ShimOptions;
    };

export interface VmCase {
  readonly name: string;
  readonly kind: 'uvm' | 'uvm-from-spec';
  readonly request: VmRequest & { readonly host: VmCaseHost };
  readonly expected: {
    readonly ok: boolean;
    readonly panic?: unknown;
    readonly causes?: readonly string[];
    readonly mayRefuse?: readonly string[];
    readonly options: Readonly<Record<string, unknown>> | null;
    readonly document: object | null;
    readonly effects: readonly Effect[];
    readonly filesCreated: readonly string[];
    readonly vm?: Readonly<Record<string, unknown>>;
  };
}

const FOLDER = join(import.meta.dirname, 'vm-cases');

export function loadVmCases(): readonly VmCase[] {
  return readdirSync(FOLDER)
    .sort()
    .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as VmCase);
}

/** What lies on the host of a case: its files, and the folders above them. */
function evidenceOf({ files }: Pick<VmCaseHost, 'files'>): HostEvidence {
  const paths: Record<string, 'file' | 'directory'> = {};
  for (const { path, dir } of files ?? []) {
    for (let above = win32.dirname(path); !(above in paths); above = win32.dirname(above)) paths[above] = 'directory';
    paths[path] = dir === true ? 'directory' : 'file';
  }
  return { paths, contents: {} };
}

/** The id that a VM of a case gets when it has none; the record calls it so too. */
const GENERATED_ID = '<guid:1>';

export function contextOf(host: VmCaseHost): VmContext {
  return {
    facts: { build: host.build, processorCount: host.processorCount },
    evidence: evidenceOf(host),
    owner: win32.basename(host.executable),
    newId: () => GENERATED_ID,
    bootFolders: bootFoldersOf(host.executable, host.programFiles),
    logLevel: host.logLevel,
    scrubLogs: host.scrubLogs,
  };
}

/** The record's names for our options; `!` before one that says the opposite. */
const NAMES: Readonly<Partial<Record<keyof WindowsVmOptions | keyof LinuxVmOptions, string>>> = {
  id: 'id',
  owner: 'owner',
  memorySizeInMb: 'memorySizeInMB',
  memoryOvercommit: 'allowOvercommit',
  deferredCommit: 'enableDeferredCommit',
  devicesPhysicallyBacked: 'fullyPhysicallyBacked',
  lowMmioGapInMb: 'lowMMIOGapInMB',
  highMmioBaseInMb: 'highMMIOBaseInMB',
  highMmioGapInMb: 'highMMIOGapInMB',
  processorCount: 'processorCount',
  processorLimit: 'processorLimit',
  processorWeight: 'processorWeight',
  cpuGroupId: 'cpuGroupID',
  storageIops: 'storageQoSIopsMaximum',
  storageBandwidth: 'storageQoSBandwidthMaximum',
  scsiControllerCount: 'scsiControllerCount',
  writableFileShares: '!noWritableFileShares',
  networkConfigProxy: 'networkConfigProxy',
  processDumpFolder: 'processDumpLocation',
  crashDumpFolder: 'dumpDirectoryPath',
  layerFolders: 'layerFolders',
  compartmentNamespace: '!disableCompartmentNamespace',
  directMap: '!noDirectMap',
  hostTimeZone: '!noInheritHostTimezone',
  bootFilesFolder: 'bootFilesPath',
  kernelFile: 'kernelFile',
  kernelDirect: 'kernelDirect',
  rootFile: 'rootFSFile',
  rootType: 'preferredRootFSType',
  kernelOptions: 'kernelBootOptions',
  execCommandLine: 'execCommandLine',
  forwardStdout: 'forwardStdout',
  forwardStderr: 'forwardStderr',
  timeSync: '!disableTimeSyncService',
  consolePipe: 'consolePipe',
  graphicsConsole: 'enableGraphicsConsole',
  vpmemDeviceCount: 'vpmemDeviceCount',
  vpmemSizeBytes: 'vpmemSizeBytes',
  vpmemMultiMapping: '!vpmemNoMultiMapping',
  coldDiscardHint: 'enableColdDiscardHint',
  pci: 'vpciEnabled',
  scratchEncryption: 'enableScratchEncryption',
  securityPolicy: 'securityPolicy',
  securityPolicyEnforcer: 'securityPolicyEnforcer',
  confidential: 'securityPolicyEnabled',
  guestStateFile: 'guestStateFile',
  referenceInfoFile: 'uvmReferenceInfoFile',
  bundleFolder: 'bundleDirectory',
};

/** The record's name for the type of root file system that is in the guest state file. */
const IN_GUEST_STATE = 'na';

/** What the record says of every Linux VM, and what means nothing to one. */
const ALWAYS_OF_LINUX = { disableCompartmentNamespace: false, useGuestStateFile: false };

/** Our options in the words of the record. */
export function inRecordedWords(options: UtilityVmOptions): Readonly<Record<string, unknown>> {
  const values: Readonly<Record<string, unknown>> = { ...options };
  const fields = Object.entries(NAMES).flatMap(([ours, theirs]) => {
    if (!(ours in values)) return [];
    const value = values[ours] === 'guestState' ? IN_GUEST_STATE : values[ours];
    return [theirs.startsWith('!') ? [theirs.slice(1), !value] : [theirs, value]];
  });
  return { ...Object.fromEntries(fields), ...(options.guest === 'linux' ? ALWAYS_OF_LINUX : {}) };
}

/** The recorded options in our words, as a request. */
export function inOurWords(type: 'wcow' | 'lcow', recorded: Readonly<Record<string, unknown>>): UtilityVmRequest {
  const fields = Object.entries(NAMES).flatMap(([ours, theirs]) => {
    const name = theirs.replace('!', '');
    if (!(name in recorded)) return [];
    const value = recorded[name] === IN_GUEST_STATE ? 'guestState' : recorded[name];
    return [[ours, theirs.startsWith('!') ? !value : value]];
  });
  const guest = type === 'wcow' ? 'windows' : 'linux';
  return { guest, ...Object.fromEntries(fields) } as UtilityVmRequest;
}
