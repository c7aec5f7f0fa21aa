/** ole32.dll. */
import { type Declarations, native } from '../ffi/declaring.ts';

export const OLE32 = {
  /** Frees what the functions of HCN, HNS and the layers hand out. */
  CoTaskMemFree: native('void', 'u64'),
} as const satisfies Declarations;
