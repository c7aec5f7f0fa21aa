import { ADVICE, type CodeMeaning, entries, type Row } from './row.ts';

/** HCS_E_*: the low word is the same in the HRESULTs of V2 (0x8037xxxx) and in the codes of V1 (0xC037xxxx). */
const HCS: readonly Row[] = [
  [0x0100, 'TERMINATED_DURING_START', 'the system ended while it was starting', 'permanent', ADVICE.lookAtHcs],
  [
    0x0101,
    'IMAGE_MISMATCH',
    'the image is for another version of Windows than the host',
    'permanent',
    'Use an image of the host version, or Hyper-V isolation.',
  ],
  [0x0102, 'HYPERV_NOT_INSTALLED', 'a feature that is needed is not installed', 'permanent', ADVICE.install],
  [0x0105, 'INVALID_STATE', 'the system is not in a state for this', 'permanent', ADVICE.listSystems],
  [0x0106, 'UNEXPECTED_EXIT', 'the system ended unexpectedly', 'permanent', ADVICE.lookAtHcs],
  [0x0107, 'TERMINATED', 'the system was ended by force', 'gone', ADVICE.nothing],
  [0x0108, 'CONNECT_FAILED', 'the guest could not be reached', 'transient', ADVICE.lookAtHcs],
  [0x0109, 'CONNECTION_TIMEOUT', 'the guest gave no answer in time', 'unknown', ADVICE.lookAtHcs],
  [0x010a, 'CONNECTION_CLOSED', 'the connection to the guest was closed', 'unknown', ADVICE.lookAtHcs],
  [0x010b, 'UNKNOWN_MESSAGE', 'the guest does not know the message', 'permanent', ADVICE.guestVersion],
  [
    0x010c,
    'UNSUPPORTED_PROTOCOL_VERSION',
    'host and guest have no protocol in common',
    'permanent',
    ADVICE.guestVersion,
  ],
  [
    0x010d,
    'INVALID_JSON',
    'the document is not valid',
    'permanent',
    'Compare the document with the schema of this build; the path at fault is in the detail.',
  ],
  [0x010e, 'SYSTEM_NOT_FOUND', 'there is no compute system with this id', 'gone', ADVICE.nothing],
  [
    0x010f,
    'SYSTEM_ALREADY_EXISTS',
    'a compute system has this id already',
    'conflict',
    'Use another id, or end the system that has it (hcsdiag list, hcsdiag kill).',
  ],
  [0x0110, 'SYSTEM_ALREADY_STOPPED', 'the compute system is not running any more', 'gone', ADVICE.nothing],
  [0x0111, 'PROTOCOL_ERROR', 'host and guest misunderstood each other', 'permanent', ADVICE.lookAtHcs],
  [0x0112, 'INVALID_LAYER', 'a layer has a format that is not known', 'permanent', ADVICE.unpackAgain],
  [0x0113, 'WINDOWS_INSIDER_REQUIRED', 'the image needs a preview build of Windows', 'permanent', ADVICE.hostVersion],
  [0x0114, 'SERVICE_NOT_AVAILABLE', 'a service that is needed is not there', 'permanent', ADVICE.install],
  [0x0115, 'OPERATION_NOT_STARTED', 'the operation was not begun', 'permanent', ADVICE.report],
  [0x0116, 'OPERATION_ALREADY_STARTED', 'the operation is in use', 'permanent', ADVICE.report],
  [0x0117, 'OPERATION_PENDING', 'the operation is still going on', 'unknown', ADVICE.listSystems],
  [0x0118, 'OPERATION_TIMEOUT', 'the operation was not done in time, and goes on', 'unknown', ADVICE.listSystems],
  [0x0119, 'OPERATION_SYSTEM_CALLBACK_ALREADY_SET', 'two ways of completion were mixed', 'permanent', ADVICE.report],
  [0x011a, 'OPERATION_RESULT_ALLOCATION_FAILED', 'there was no memory for the result', 'unknown', ADVICE.freeMemory],
  [0x011b, 'ACCESS_DENIED', 'the caller may not do this', 'permanent', ADVICE.administrator],
  [0x011c, 'GUEST_CRITICAL_ERROR', 'the guest reported a critical error', 'permanent', ADVICE.lookAtHcs],
  [0x011d, 'PROCESS_INFO_NOT_AVAILABLE', 'there is no information about the process', 'permanent', ADVICE.lookAtHcs],
  [
    0x011e,
    'SERVICE_DISCONNECT',
    'the Host Compute Service went away',
    'unknown',
    'See whether the service vmcompute runs; recover when it does.',
  ],
  [0x011f, 'PROCESS_ALREADY_STOPPED', 'the process is not running any more', 'gone', ADVICE.nothing],
  [
    0x0120,
    'SYSTEM_NOT_CONFIGURED_FOR_OPERATION',
    'the system is not set up for this',
    'permanent',
    'Look at the document that made the system.',
  ],
  [0x0121, 'OPERATION_ALREADY_CANCELLED', 'the operation was cancelled already', 'permanent', ADVICE.listSystems],
];

/** What only V1 reports: ERROR_VMCOMPUTE_*. */
const V1_ONLY: readonly Row[] = [
  [0x0103, 'OPERATION_PENDING', 'the call was accepted and goes on in the background', 'unknown', ADVICE.listSystems],
  [0x0104, 'TOO_MANY_NOTIFICATIONS', 'too many notifications are registered', 'permanent', ADVICE.lookAtHcs],
];

/** The hypervisor's own partitions, memory and shares: ERROR_VID_* and ERROR_VSMB_*. */
const VIRTUALIZATION: readonly Row[] = [
  [0x0008, 'VID_PARTITION_ALREADY_EXISTS', 'a partition has this name already', 'conflict', ADVICE.listSystems],
  [0x0009, 'VID_PARTITION_DOES_NOT_EXIST', 'there is no such partition', 'gone', ADVICE.nothing],
  [0x000a, 'VID_PARTITION_NAME_NOT_FOUND', 'there is no partition of this name', 'gone', ADVICE.nothing],
  [
    0x000f,
    'VID_INVALID_NUMA_SETTINGS',
    'the NUMA settings are not valid',
    'permanent',
    'Look at the NUMA part of the VM.',
  ],
  [0x001b, 'VID_VIRTUAL_PROCESSOR_LIMIT_EXCEEDED', 'the VM has too many processors', 'permanent', 'Give it fewer.'],
  [0x001c, 'VID_STOP_PENDING', 'the partition is stopping', 'transient', ADVICE.listSystems],
  [0x0027, 'VID_SAVED_STATE_CORRUPT', 'the saved state of a VM is damaged', 'permanent', ADVICE.lookAtHcs],
  [0x0029, 'VID_SAVED_STATE_INCOMPATIBLE', 'the saved state is of another version', 'permanent', ADVICE.lookAtHcs],
  [0x0400, 'VSMB_SAVED_STATE_FILE_NOT_FOUND', 'the saved state of a share is missing', 'permanent', ADVICE.lookAtHcs],
  [0x0401, 'VSMB_SAVED_STATE_CORRUPT', 'the saved state of a share is damaged', 'permanent', ADVICE.lookAtHcs],
];

/** The Windows Hypervisor Platform: WHV_E_*. */
const HYPERVISOR_PLATFORM: readonly Row[] = [
  [0x0300, 'UNKNOWN_CAPABILITY', 'the hypervisor does not know the capability', 'permanent', ADVICE.newerWindows],
  [0x0301, 'INSUFFICIENT_BUFFER', 'the buffer is too small', 'permanent', ADVICE.report],
  [0x0302, 'UNKNOWN_PROPERTY', 'the hypervisor does not know the property', 'permanent', ADVICE.newerWindows],
  [0x0303, 'UNSUPPORTED_HYPERVISOR_CONFIG', 'the hypervisor is not set up for this', 'permanent', ADVICE.install],
  [0x0304, 'INVALID_PARTITION_CONFIG', 'the partition is not set up right', 'permanent', ADVICE.lookAtHcs],
  [0x0307, 'VP_DOES_NOT_EXIST', 'there is no such virtual processor', 'gone', ADVICE.nothing],
];

export const HCS_CODES: ReadonlyArray<[number, CodeMeaning]> = [
  ...entries(0x80370000, 'HCS_E_', HCS),
  ...entries(0x80370000, 'WHV_E_', HYPERVISOR_PLATFORM),
  ...entries(0xc0370000, 'ERROR_VMCOMPUTE_', V1_ONLY),
  ...entries(0xc0370000, 'ERROR_', VIRTUALIZATION),
];
