/**
 * computecore.dll of Windows 10 1809 / Server 2019 and later. A handle (HCS_OPERATION, HCS_SYSTEM, HCS_PROCESS) is a
 * `u64`; a PCWSTR, or an address that something is handed out at, is `bytes`. Strings that are handed out are given back
 * by LocalFree. Source: https://learn.microsoft.com/virtualization/api/hcs/reference/apioverview
 */
import { native } from '../ffi/declaring.ts';

/** (operation, result document out) → HRESULT */
const RESULT = native('i32', 'u64', 'bytes');
/** (system or process, operation, options or query) → HRESULT */
const ASKED = native('i32', 'u64', 'u64', 'bytes');
/** (system or process, HCS_EVENT_OPTIONS, context, callback) → HRESULT */
const CALLBACK = native('i32', 'u64', 'u32', 'u64', 'u64');
/** (system or process) */
const CLOSE = native('void', 'u64');

export const OPERATIONS = {
  /** (context, callback) → operation; 0 when out of resources */
  HcsCreateOperation: native('u64', 'u64', 'u64'),
  HcsCloseOperation: CLOSE,
  HcsGetOperationResult: RESULT,
  /** (operation, HCS_PROCESS_INFORMATION out, result document out) */
  HcsGetOperationResultAndProcessInfo: native('i32', 'u64', 'bytes', 'bytes'),
} as const;

export const SYSTEMS = {
  /** (id, document, operation, security descriptor, system out) */
  HcsCreateComputeSystem: native('i32', 'bytes', 'bytes', 'u64', 'bytes', 'bytes'),
  /** (id, access, system out) */
  HcsOpenComputeSystem: native('i32', 'bytes', 'u32', 'bytes'),
  HcsCloseComputeSystem: CLOSE,
  HcsStartComputeSystem: ASKED,
  HcsShutDownComputeSystem: ASKED,
  HcsTerminateComputeSystem: ASKED,
  /** Of a container that has a VM to itself, and of a VM. */
  HcsPauseComputeSystem: ASKED,
  HcsResumeComputeSystem: ASKED,
  HcsGetComputeSystemProperties: ASKED,
  /** (system, operation, ModifySettingRequest, identity) */
  HcsModifyComputeSystem: native('i32', 'u64', 'u64', 'bytes', 'u64'),
  HcsSetComputeSystemCallback: CALLBACK,
  /** (SystemQuery, operation) */
  HcsEnumerateComputeSystems: native('i32', 'bytes', 'u64'),
} as const;

export const PROCESSES = {
  /** (system, ProcessParameters, operation, security descriptor, process out) */
  HcsCreateProcess: native('i32', 'u64', 'bytes', 'u64', 'bytes', 'bytes'),
  /** (system, process id, access, process out) */
  HcsOpenProcess: native('i32', 'u64', 'u32', 'u32', 'bytes'),
  HcsCloseProcess: CLOSE,
  HcsGetProcessProperties: ASKED,
  /** SignalProcessOptions */
  HcsSignalProcess: ASKED,
  HcsTerminateProcess: ASKED,
  /** ProcessModifyRequest */
  HcsModifyProcess: ASKED,
  HcsSetProcessCallback: CALLBACK,
} as const;

export const SERVICE = {
  /** (Service_PropertyQuery, result out) */
  HcsGetServiceProperties: native('i32', 'bytes', 'bytes'),
  /** (ModificationRequest, result out) */
  HcsModifyServiceSettings: native('i32', 'bytes', 'bytes'),
} as const;

export const VM_ACCESS = {
  /** (VM, file) */
  HcsGrantVmAccess: native('i32', 'bytes', 'bytes'),
  HcsRevokeVmAccess: native('i32', 'bytes', 'bytes'),
} as const;

/** From Windows 10 2004 / Server 2022 on. */
export const VM_GROUP_ACCESS = {
  /** (file) */
  HcsGrantVmGroupAccess: native('i32', 'bytes'),
  HcsRevokeVmGroupAccess: native('i32', 'bytes'),
} as const;

/** All that is bound of the library. */
export const COMPUTECORE = {
  ...OPERATIONS,
  ...SYSTEMS,
  ...PROCESSES,
  ...SERVICE,
  ...VM_ACCESS,
  ...VM_GROUP_ACCESS,
} as const;

/** GENERIC_ALL, for HcsOpenComputeSystem and HcsOpenProcess. */
export const GENERIC_ALL = 0x10000000;

/** HCS_EVENT_TYPE, the values that are acted upon. */
export const EVENT = {
  systemExited: 0x1,
  guestConnectionClosed: 0x6,
  processExited: 0x10000,
  serviceDisconnect: 0x2000000,
} as const;

/** HCS_EVENT: Type at 0, EventData at 8, Operation at 16. */
export const EVENT_SIZE = 24;
export function eventOf(bytes: Buffer): { readonly type: number; readonly data: bigint } {
  return { type: bytes.readUInt32LE(0), data: bytes.readBigUInt64LE(8) };
}

/** HCS_PROCESS_INFORMATION: ProcessId at 0, then StdInput, StdOutput and StdError from 8 on; a pipe not asked for is 0. */
export class ProcessInformation {
  readonly bytes: Buffer = Buffer.alloc(32);

  get processId(): number {
    return this.bytes.readUInt32LE(0);
  }

  get stdInput(): bigint {
    return this.bytes.readBigUInt64LE(8);
  }

  get stdOutput(): bigint {
    return this.bytes.readBigUInt64LE(16);
  }

  get stdError(): bigint {
    return this.bytes.readBigUInt64LE(24);
  }
}
