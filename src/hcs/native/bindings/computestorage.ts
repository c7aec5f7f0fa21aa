/** computestorage.dll: an HRESULT each; paths and documents are PCWSTR, a `u64` is the handle of a virtual disk. */
import { type Declarations, native } from '../ffi/declaring.ts';

export const COMPUTESTORAGE = {
  HcsImportLayer: native('i32', 'bytes', 'bytes', 'bytes'),
  HcsExportLayer: native('i32', 'bytes', 'bytes', 'bytes', 'bytes'),
  HcsExportLegacyWritableLayer: native('i32', 'bytes', 'bytes', 'bytes', 'bytes'),
  HcsDestroyLayer: native('i32', 'bytes'),
  HcsSetupBaseOSLayer: native('i32', 'bytes', 'u64', 'bytes'),
  HcsSetupBaseOSVolume: native('i32', 'bytes', 'bytes', 'bytes'),
  HcsInitializeWritableLayer: native('i32', 'bytes', 'bytes', 'bytes'),
  HcsInitializeLegacyWritableLayer: native('i32', 'bytes', 'bytes', 'bytes', 'bytes'),
  HcsAttachLayerStorageFilter: native('i32', 'bytes', 'bytes'),
  HcsDetachLayerStorageFilter: native('i32', 'bytes'),
  HcsFormatWritableLayerVhd: native('i32', 'u64'),
  /** The path is freed with LocalFree. */
  HcsGetLayerVhdMountPath: native('i32', 'u64', 'bytes'),
} as const satisfies Declarations;
