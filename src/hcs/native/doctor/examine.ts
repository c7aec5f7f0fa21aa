/** Asks a host what it is and what it has. Nothing on it is changed. */
import { HRESULT } from '../../codeTable.ts';
import { HostError } from '../../hostError.ts';
import { SYSTEMS } from '../bindings/computecore.ts';
import type { Blocking } from '../blocking.ts';
import { windowsBuild, windowsFacts } from '../facts.ts';
import { loadFfi } from '../ffi/choose.ts';
import { Libraries, type LibraryFiles, type LibraryName } from '../ffi/declaring.ts';
import { FfiMissing, LibraryMissing } from '../ffi/errors.ts';
import { wide } from '../ffi/memory.ts';
import type { FfiName } from '../ffi/seam.ts';
import { listField, numberField } from '../fields.ts';
import { Hns } from '../hns.ts';
import { nativePartsOf } from '../nativeParts.ts';
import { serviceProperties } from '../serviceProperties.ts';
import { systemLibraries } from '../windowsHost.ts';
import { EXPORTS } from './exports.ts';
import type { Examination, HnsVersion, HostFindings, LibraryFinding, Machine, Told } from './findings.ts';

export interface ExamineOptions {
  /** Default: that of `SLIPWAY_FFI`, or koffi. */
  readonly ffi?: FfiName | undefined;
  /** Default: the libraries of Windows, on Windows only. */
  readonly files?: LibraryFiles | undefined;
}

const CALL = 'doctor';

async function told<T>(ask: () => Promise<T>): Promise<Told<T>> {
  try {
    return { told: await ask() };
  } catch (error) {
    if (error instanceof HostError) return { refused: error.failure };
    throw error;
  }
}

function libraryFinding(libraries: Libraries, name: LibraryName): LibraryFinding {
  const functions = Object.entries(EXPORTS[name]);
  try {
    const missing = functions.filter(([fn, signature]) => !libraries.has(name, fn, signature));
    return { state: 'loaded', functions: functions.length, missing: missing.map(([fn]) => fn) };
  } catch (error) {
    if (!(error instanceof LibraryMissing)) throw error;
    return { state: 'missing', message: error.message, hint: error.hint };
  }
}

async function schemas(libraries: Libraries, blocking: Blocking): Promise<readonly string[]> {
  const basic = await serviceProperties(libraries, blocking, CALL, 'Basic');
  return listField(basic, 'SupportedSchemaVersions').map((version) => versionText(version));
}

function versionOf(value: unknown): HnsVersion {
  return { major: numberField(value, 'Major') ?? 0, minor: numberField(value, 'Minor') ?? 0 };
}

function versionText(value: unknown): string {
  const { major, minor } = versionOf(value);
  return `${major}.${minor}`;
}

async function hnsVersion(libraries: Libraries, blocking: Blocking): Promise<HnsVersion> {
  const answer = await new Hns(libraries, blocking).get(CALL, '/globals/version');
  if (!answer.success) throw new HostError(CALL, answer.code ?? HRESULT.unspecified, answer.words);
  return versionOf(answer.output);
}

async function findings(libraries: Libraries): Promise<HostFindings> {
  const parts = nativePartsOf(libraries);
  const blocking = parts.turns.long;
  const computecore = libraries.bind('computecore', SYSTEMS);
  const systems = (): Promise<string | undefined> =>
    parts.operations.run(CALL, async (operation) =>
      computecore.HcsEnumerateComputeSystems.later(wide('{}'), operation),
    );
  return {
    ffi: { name: libraries.ffi.name, version: libraries.ffi.version },
    libraries: {
      computecore: libraryFinding(libraries, 'computecore'),
      computenetwork: libraryFinding(libraries, 'computenetwork'),
      vmcompute: libraryFinding(libraries, 'vmcompute'),
      computestorage: libraryFinding(libraries, 'computestorage'),
      kernel32: libraryFinding(libraries, 'kernel32'),
      ole32: libraryFinding(libraries, 'ole32'),
      ntdll: libraryFinding(libraries, 'ntdll'),
    },
    build: await told(() => windowsBuild(libraries, blocking)),
    processors: await told(async () => (await windowsFacts(libraries, blocking)).processorCount),
    schemas: await told(() => schemas(libraries, blocking)),
    systems: await told(async () => listIn(await systems()).length),
    hns: await told(() => hnsVersion(libraries, blocking)),
  };
}

function listIn(text: string | undefined): readonly unknown[] {
  return listField({ systems: JSON.parse(text ?? '[]') }, 'systems');
}

function thisMachine(): Machine {
  return { platform: process.platform, arch: process.arch, node: process.version };
}

/** Examines this host; without `files`, only a Windows is looked at, and elsewhere nothing native is loaded. */
export async function examine({ ffi, files }: ExamineOptions = {}): Promise<Examination> {
  const machine = thisMachine();
  if (files === undefined && machine.platform !== 'win32') return { kind: 'elsewhere', machine };
  try {
    const libraries = new Libraries(await loadFfi(ffi), files ?? systemLibraries());
    return { kind: 'examined', machine, host: await findings(libraries) };
  } catch (error) {
    if (!(error instanceof FfiMissing)) throw error;
    return { kind: 'noFfi', machine, message: error.message, hint: error.hint };
  }
}
