import { ADVICE, type CodeMeaning, entries, type Row } from './row.ts';

/** HRESULTs that are neither of HCS and HCN nor an error of Win32: of COM, and of the filter manager. */
const COM: readonly Row[] = [
  [0x80004001, 'E_NOTIMPL', 'this host does not implement it', 'permanent', ADVICE.newerWindows],
  [0x80004002, 'E_NOINTERFACE', 'a component lacks an interface', 'permanent', ADVICE.newerWindows],
  [0x80004004, 'E_ABORT', 'it was given up', 'unknown', ADVICE.lookAtHcs],
  [0x80004005, 'E_FAIL', 'it failed, for a reason that was not given', 'permanent', ADVICE.lookAtHcs],
  [0x8000ffff, 'E_UNEXPECTED', 'something unexpected happened', 'permanent', ADVICE.lookAtHcs],
  [0x80010108, 'RPC_E_DISCONNECTED', 'the component that was called is gone', 'unknown', ADVICE.seeServices],
  [0x80040154, 'REGDB_E_CLASSNOTREG', 'a component is not registered on this host', 'permanent', ADVICE.install],
  [0x801f0013, 'ERROR_FLT_FILTER_NOT_FOUND', 'the file system filter is not there', 'permanent', ADVICE.install],
  [0x801f0015, 'ERROR_FLT_INSTANCE_NOT_FOUND', 'the filter is not attached', 'gone', ADVICE.nothing],
];

export const COM_CODES: ReadonlyArray<[number, CodeMeaning]> = entries(0, '', COM);
