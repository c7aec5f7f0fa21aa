/** The stand-in libraries as a program in C uses them. */
import koffi, { type KoffiFunc } from 'koffi';
import { buildStandIns } from './build.ts';
import { standInLibraries } from './libraries.ts';

buildStandIns('linux');

// Test files that share a process would define the types twice.
koffi.reset();
try {
  koffi.config({ max_async_calls: 4096 });
} catch {
  // Another test file of this process has loaded a library, and configured before that.
}

type Value = string | null | bigint | number | BigUint64Array | Uint8Array | object;
type Call = KoffiFunc<(...given: Value[]) => number>;
/** What is a handle or an address comes as a number where it fits into one. */
type Get = KoffiFunc<(...given: Value[]) => number | bigint>;
type Do = KoffiFunc<(...given: Value[]) => void>;

const files = standInLibraries('linux');
const computecore = koffi.load(files.computecore);
const computenetwork = koffi.load(files.computenetwork);
const vmcompute = koffi.load(files.vmcompute);
const core = koffi.load(files.standin);

const EVENT_CALLBACK = koffi.proto('void EventCallback(void *event, void *context)');
const OPERATION_CALLBACK = koffi.proto('void OperationCallback(uint64_t operation, void *context)');
/** HCS_EVENT. */
const EVENT = koffi.struct('Event', { type: 'uint32_t', data: 'str16', operation: 'uint64_t' });

export const createOperation: Get = computecore.func('uint64_t HcsCreateOperation(void *, OperationCallback *)');
export const closeOperation: Do = computecore.func('void HcsCloseOperation(uint64_t)');
export const getResult: Call = computecore.func('int HcsGetOperationResult(uint64_t, void *)');
export const waitForResult: Call = computecore.func('int HcsWaitForOperationResult(uint64_t, uint32_t, void *)');
export const waitForProcess: Call = computecore.func(
  'int HcsWaitForOperationResultAndProcessInfo(uint64_t, uint32_t, void *, void *)',
);
export const createSystem: Call = computecore.func(
  'int HcsCreateComputeSystem(str16, str16, uint64_t, void *, void *)',
);
export const openSystem: Call = computecore.func('int HcsOpenComputeSystem(str16, uint32_t, void *)');
export const closeSystem: Do = computecore.func('void HcsCloseComputeSystem(uint64_t)');
export const startSystem: Call = computecore.func('int HcsStartComputeSystem(uint64_t, uint64_t, str16)');
export const terminateSystem: Call = computecore.func('int HcsTerminateComputeSystem(uint64_t, uint64_t, str16)');
export const systemProperties: Call = computecore.func('int HcsGetComputeSystemProperties(uint64_t, uint64_t, str16)');
export const setSystemCallback: Call = computecore.func(
  'int HcsSetComputeSystemCallback(uint64_t, uint32_t, void *, EventCallback *)',
);
export const createProcess: Call = computecore.func('int HcsCreateProcess(uint64_t, str16, uint64_t, void *, void *)');
export const processProperties: Call = computecore.func('int HcsGetProcessProperties(uint64_t, uint64_t, str16)');
export const closeProcess: Do = computecore.func('void HcsCloseProcess(uint64_t)');

export const createNamespace: Call = computenetwork.func('int HcnCreateNamespace(void *, str16, void *, void *)');
export const queryNamespace: Call = computenetwork.func(
  'int HcnQueryNamespaceProperties(uint64_t, str16, void *, void *)',
);
export const deleteNamespace: Call = computenetwork.func('int HcnDeleteNamespace(void *, void *)');
export const closeNamespace: Call = computenetwork.func('int HcnCloseNamespace(uint64_t)');

export const hnsCall: Call = vmcompute.func('int HNSCall(str16, str16, str16, void *)');
export const nameToGuid: Call = vmcompute.func('int NameToGuid(str16, void *)');
export const createSandboxLayer: Call = vmcompute.func(
  'int CreateSandboxLayer(void *, str16, uint64_t, void *, uint64_t)',
);
export const activateLayer: Call = vmcompute.func('int ActivateLayer(void *, str16)');
export const layerMountPath: Call = vmcompute.func('int GetLayerMountPath(void *, str16, void *, void *)');

export const localFree: Get = core.func('uint64_t LocalFree(uint64_t)');
export const coTaskMemFree: Do = core.func('void CoTaskMemFree(uint64_t)');
const lengthOf: Call = core.func('int lstrlenW(uint64_t)');
const move: Do = core.func('void RtlMoveMemory(void *, uint64_t, uint64_t)');
export const readFile: Call = core.func('int ReadFile(uint64_t, uint64_t, uint32_t, void *, uint64_t)');
export const closeHandle: Call = core.func('int CloseHandle(uint64_t)');
export const lastError: Call = core.func('uint32_t GetLastError()');

export const connectTo: Do = core.func('void StandInConnect(uint32_t)');
export const failAt: Do = core.func('void StandInFail(str16, int, uint32_t)');
export const forget: Do = core.func('void StandInForget()');
const countsInto: Do = core.func('void StandInCounts(void *)');

/** A place for what a function hands out: a handle, or the address of text. */
export const place = (): BigUint64Array => new BigUint64Array(1);
export const placed = (where: BigUint64Array): bigint => where[0] ?? 0n;

/** The text at an address, which stays the caller's. */
export function textAt(address: bigint): string {
  const bytes = new Uint8Array(lengthOf(address) * 2);
  move(bytes, address, BigInt(bytes.length));
  return Buffer.from(bytes).toString('utf16le');
}

/** The text that a function of HCS handed out, freed. */
export function takenText(where: BigUint64Array): string {
  const text = textAt(placed(where));
  localFree(placed(where));
  return text;
}

const COUNTERS = [
  'systems',
  'processes',
  'operations',
  'networkObjects',
  'pipes',
  'texts',
  'doubleFrees',
  'wrongFrees',
  'badHandles',
  'callbacks',
  'callsInFlight',
  'pendingReads',
] as const;

/** The counters that are not 0. */
export function counted(): Partial<Record<(typeof COUNTERS)[number], number>> {
  const out = new BigUint64Array(COUNTERS.length);
  countsInto(out);
  const all = COUNTERS.map((name, index) => [name, Number(out[index])] as const);
  return Object.fromEntries(all.filter(([, count]) => count !== 0));
}

/** Makes the call on a thread of its own, for what waits or may wait for JavaScript. */
export function later<Result>(
  call: KoffiFunc<(...given: Value[]) => Result>,
  ...given: readonly Value[]
): Promise<Result> {
  return new Promise((resolve, reject) => {
    call.async(...given, (error: Error | null, result: Result) => (error === null ? resolve(result) : reject(error)));
  });
}

export interface HcsEvent {
  readonly type: number;
  readonly data: string | null;
}

/** A callback for events, until it is given back. */
export function eventCallback(told: (event: HcsEvent) => void): bigint {
  return koffi.register((event: bigint) => told(koffi.decode(event, EVENT)), koffi.pointer(EVENT_CALLBACK));
}

/** A callback for the end of operations, until it is given back. */
export function operationCallback(told: (operation: bigint) => void): bigint {
  return koffi.register((operation: number | bigint) => told(BigInt(operation)), koffi.pointer(OPERATION_CALLBACK));
}

export function giveBack(callback: bigint): void {
  koffi.unregister(callback);
}

/** Memory that stays where it is, of so many bytes. */
export class Memory {
  readonly address: bigint;
  readonly #length: number;

  constructor(length: number) {
    this.address = koffi.alloc('uint8_t', length);
    this.#length = length;
  }

  get bytes(): Buffer {
    return Buffer.from(koffi.view(this.address, this.#length));
  }

  write(bytes: Uint8Array): void {
    new Uint8Array(koffi.view(this.address, this.#length)).set(bytes);
  }

  free(): void {
    koffi.free(this.address);
  }
}
