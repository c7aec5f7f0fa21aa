import { COM_CODES } from './codes/com.ts';
import { HCN_CODES } from './codes/hcn.ts';
import { HCS_CODES } from './codes/hcs.ts';
import { NTSTATUS_CODES } from './codes/ntstatus.ts';
import type { CodeMeaning } from './codes/row.ts';
import { WIN32_CODES } from './codes/win32.ts';

/** Codes that the code itself speaks of. */
export const HRESULT = {
  fail: 0x80004005,
  fileNotFound: 0x80070002,
  pathNotFound: 0x80070003,
  tooManyOpenFiles: 0x80070004,
  accessDenied: 0x80070005,
  invalidHandle: 0x80070006,
  invalidData: 0x8007000d,
  outOfMemory: 0x8007000e,
  writeProtect: 0x80070013,
  notReady: 0x80070015,
  sharingViolation: 0x80070020,
  notSupported: 0x80070032,
  fileExists: 0x80070050,
  invalidParameter: 0x80070057,
  brokenPipe: 0x8007006d,
  diskFull: 0x80070070,
  semaphoreTimeout: 0x80070079,
  moduleNotFound: 0x8007007e,
  procedureNotFound: 0x8007007f,
  directoryNotEmpty: 0x80070091,
  resourceInUse: 0x800700aa,
  alreadyExists: 0x800700b7,
  pathTooLong: 0x800700ce,
  noData: 0x800700e8,
  ioDevice: 0x8007045d,
  deviceNotConnected: 0x8007048f,
  elementNotFound: 0x80070490,
  serverUnavailable: 0x800706ba,
  filterInstanceNotFound: 0x801f0015,
  invalidState: 0x80370105,
  unexpectedExit: 0x80370106,
  invalidJson: 0x8037010d,
  systemNotFound: 0x8037010e,
  systemAlreadyExists: 0x8037010f,
  systemAlreadyStopped: 0x80370110,
  operationPending: 0x80370117,
  operationTimeout: 0x80370118,
  serviceDisconnect: 0x8037011e,
  processAlreadyStopped: 0x8037011f,
  notConfiguredForOperation: 0x80370120,
  unspecified: 0x80004005,
  unexpected: 0x8000ffff,
  endpointNotFound: 0x803b0002,
  endpointAttached: 0x803b0014,
  guidConversionFailure: 0x803b0019,
  endpointInNamespace: 0x803b002b,
  entityHasReferences: 0x803b002c,
  endpointNotAttached: 0x803b0034,
} as const;

/** By unsigned HRESULT; the V1 codes of HCS (0xC037xxxx) are found under their V2 names. */
export const CODES: ReadonlyMap<number, CodeMeaning> = new Map([
  ...HCS_CODES,
  ...HCN_CODES,
  ...WIN32_CODES,
  ...COM_CODES,
  ...NTSTATUS_CODES,
]);

/** Second names that headers and logs have for a code of the table. */
export const ALIASES: ReadonlyMap<string, number> = new Map([
  ['E_ACCESSDENIED', HRESULT.accessDenied],
  ['E_HANDLE', HRESULT.invalidHandle],
  ['E_INVALIDARG', HRESULT.invalidParameter],
  ['E_OUTOFMEMORY', HRESULT.outOfMemory],
  ['ERROR_VMCOMPUTE_TIMEOUT', 0x80370109],
]);
