/** A recorded case: a request, and what the reference implementation did with it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import picomatch from 'picomatch';
import type { Effect, ExecRule, SimulatedHostFile } from '../../src/testing/index.ts';

export interface CaseHost {
  readonly build: number;
  readonly processorCount: number;
  readonly files?: readonly SimulatedHostFile[];
  readonly endpoints?: Readonly<Record<string, unknown>>;
  readonly namespaces?: ReadonlyArray<{ readonly id: string; readonly endpoints?: readonly string[] | null }>;
  readonly resolvePath?: Readonly<Record<string, string>>;
  readonly layerMountPath?: string;
  readonly executable?: string;
  readonly exec?: readonly ExecRule[];
}

/** The utility VM that the recorded host had. */
export interface CaseVm {
  readonly type: 'wcow' | 'lcow';
  readonly id: string;
  readonly owner: string;
  readonly processorCount: number;
  readonly layerFolders?: readonly string[];
  readonly vpmemNoMultiMapping?: boolean;
  readonly vpmemDeviceCount?: number;
  readonly vpmemSizeBytes?: number;
  readonly scsiControllerCount?: number;
  readonly enableScratchEncryption?: boolean;
  readonly noWritableFileShares?: boolean;
  readonly noDirectMap?: boolean;
  readonly fullyPhysicallyBacked?: boolean;
  readonly processDumpLocation?: string;
}

export interface CaseOptions {
  readonly id?: string;
  readonly owner?: string;
  readonly schemaVersion?: { readonly Major: number; readonly Minor: number } | null;
  readonly networkNamespace?: string;
  readonly doNotReleaseResourcesOnFailure?: boolean;
  readonly scaleCPULimitsToSandbox?: boolean;
}

export interface Expected {
  readonly ok?: boolean;
  readonly panic?: unknown;
  readonly document?: object;
  readonly effects?: readonly Effect[];
  readonly releaseEffects?: readonly Effect[];
  readonly causes?: readonly string[];
  readonly mayRefuse?: readonly string[];
  readonly specAfter?: unknown;
  readonly aliveAfterRelease?: readonly string[] | null;
}

export interface Case {
  readonly name: string;
  /** Where the files lie that the host of the case has copies of. */
  readonly folder: string;
  readonly kind: string;
  readonly request: {
    readonly options: CaseOptions;
    readonly spec: { readonly root?: { readonly path?: string } | null } | null;
    readonly host: CaseHost;
    readonly uvm?: CaseVm | null;
    /** Containers that were created in the VM before. */
    readonly before?: ReadonlyArray<Pick<Case['request'], 'options' | 'spec'>>;
  };
  readonly expected: Expected;
}

export interface Selection {
  /** A glob on the name of the case. */
  readonly pattern?: string | undefined;
  readonly kind?: string | undefined;
}

/** The cases of a folder, by name. */
export function loadCases(folder: string, { pattern = '*', kind }: Selection = {}): readonly Case[] {
  const matches = picomatch(pattern);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({ ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Case), folder: join(folder, '..') }))
    .filter((one) => one.expected !== undefined && one.request !== undefined)
    .filter((one) => matches(one.name) && (kind === undefined || one.kind === kind));
}
