import * as z from 'zod';
import { type Finding, pointer } from '../../domain/finding.ts';
import type { LinuxVmOptions, UtilityVmRequest, WindowsVmOptions } from '../../domain/utilityVm.ts';

type CommonName = keyof WindowsVmOptions & keyof LinuxVmOptions;
type SchemaFor<Names extends string> = Readonly<Record<Exclude<Names, 'guest'>, z.ZodType>>;

/** null counts as absent, as in all JSON. */
const option = <T extends z.ZodType>(schema: T) => z.preprocess((value) => value ?? undefined, schema.optional());
const text = option(z.string());
const flag = option(z.boolean());
/** Any number: which ones an option can have, the checks say. */
const number = option(z.unknown().refine((value) => typeof value === 'number', 'expected a number'));

const COMMON = {
  id: text,
  owner: text,
  lifetime: option(z.enum(['process', 'host'])),
  memorySizeInMb: number,
  memoryOvercommit: flag,
  deferredCommit: flag,
  devicesPhysicallyBacked: flag,
  lowMmioGapInMb: number,
  highMmioBaseInMb: number,
  highMmioGapInMb: number,
  processorCount: number,
  processorLimit: number,
  processorWeight: number,
  cpuGroupId: text,
  storageIops: number,
  storageBandwidth: number,
  scsiControllerCount: number,
  writableFileShares: flag,
  networkConfigProxy: text,
  processDumpFolder: text,
  crashDumpFolder: text,
} satisfies SchemaFor<CommonName>;

const WINDOWS = {
  ...COMMON,
  layerFolders: z.preprocess((value) => value ?? [], z.array(z.string())),
  compartmentNamespace: flag,
  directMap: flag,
  hostTimeZone: flag,
} satisfies SchemaFor<keyof WindowsVmOptions>;

const LINUX = {
  ...COMMON,
  bootFilesFolder: text,
  kernelFile: text,
  kernelDirect: flag,
  rootFile: text,
  rootType: option(z.enum(['initrd', 'vhd', 'guestState'])),
  kernelOptions: text,
  execCommandLine: text,
  forwardStdout: flag,
  forwardStderr: flag,
  timeSync: flag,
  scrubLogs: flag,
  consolePipe: text,
  graphicsConsole: flag,
  vpmemDeviceCount: number,
  vpmemSizeBytes: number,
  vpmemMultiMapping: flag,
  coldDiscardHint: flag,
  pci: flag,
  scratchEncryption: flag,
  securityPolicy: text,
  securityPolicyEnforcer: text,
  confidential: flag,
  guestStateFile: text,
  referenceInfoFile: text,
  bundleFolder: text,
} satisfies SchemaFor<keyof LinuxVmOptions>;

const GUESTS = { windows: z.object(WINDOWS), linux: z.object(LINUX) } as const;

/** Without the values that the findings are about; undefined when it is not even known for which guest it is. */
export interface ParsedVmRequest {
  readonly request: UtilityVmRequest | undefined;
  readonly findings: readonly Finding[];
}

const GUEST_INVALID: Finding = {
  code: 'guest-invalid',
  pointer: '/guest',
  message: 'the request does not say what runs in the VM',
  hint: "Set guest to 'windows' or 'linux'.",
};

function unknownOptions(raw: object, guest: keyof typeof GUESTS): readonly Finding[] {
  return Object.keys(raw)
    .filter((name) => name !== 'guest' && !(name in GUESTS[guest].shape))
    .map((name) => ({
      code: 'option-unknown',
      pointer: pointer(name),
      message: `a ${guest} VM has no option ${name}`,
      hint: 'Mend its name, or leave it out.',
    }));
}

function guestOf(raw: unknown): keyof typeof GUESTS | undefined {
  const guest = typeof raw === 'object' && raw !== null && 'guest' in raw ? raw.guest : undefined;
  return guest === 'windows' || guest === 'linux' ? guest : undefined;
}

/**
 * Reads what a caller asks for. Every option of the wrong type is a finding and is left out of the result, so that the
 * rest can still be looked at. Neither throws nor writes to `raw`.
 */
export function parseVmRequest(raw: unknown): ParsedVmRequest {
  const guest = guestOf(raw);
  if (guest === undefined || typeof raw !== 'object' || raw === null) {
    return { request: undefined, findings: [GUEST_INVALID] };
  }
  const parsed = GUESTS[guest].safeParse(raw);
  const findings = parsed.success ? [] : parsed.error.issues.map(findingOf);
  const wrong = new Set(parsed.success ? [] : parsed.error.issues.map(({ path }) => path[0]));
  const rest = Object.fromEntries(Object.entries(raw).filter(([name]) => !wrong.has(name)));
  return {
    request: { ...GUESTS[guest].parse(rest), guest } as UtilityVmRequest,
    findings: [...findings, ...unknownOptions(raw, guest)],
  };
}

function findingOf({ path, message }: z.core.$ZodIssue): Finding {
  const name = path.map(String);
  return {
    code: 'option-invalid-type',
    pointer: pointer(...name),
    message: `${name.join('.')}: ${message.replace(/^./, (first) => first.toLowerCase())}`,
    hint: 'Give the option the type that it is described with.',
  };
}
