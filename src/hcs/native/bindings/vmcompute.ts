/**
 * vmcompute.dll, as far as it has no successor: the layer functions, and the calls of the Host Network Service. It has
 * functions of the names of computecore.dll with other parameters: none of those is declared here.
 */
import { type Declarations, native } from '../ffi/declaring.ts';

/** The first parameter of a layer function is the address of a DriverInfo. */
const ofLayer = native('i32', 'bytes', 'bytes');

export const VMCOMPUTE = {
  /** name; out: a GUID */
  NameToGuid: native('i32', 'bytes', 'bytes'),
  /** driver, path, 0, WC_LAYER_DESCRIPTORs, how many */
  CreateSandboxLayer: native('i32', 'bytes', 'bytes', 'u64', 'bytes', 'u64'),
  ActivateLayer: ofLayer,
  /** driver, path, WC_LAYER_DESCRIPTORs, how many */
  PrepareLayer: native('i32', 'bytes', 'bytes', 'bytes', 'u64'),
  UnprepareLayer: ofLayer,
  DeactivateLayer: ofLayer,
  DestroyLayer: ofLayer,
  /** driver, path; in and out: a SIZE_T of characters; out: the characters, or NULL to learn how many there are */
  GetLayerMountPath: native('i32', 'bytes', 'bytes', 'bytes', 'bytes'),
  /** method, path, request; out: the response, freed with CoTaskMemFree */
  HNSCall: native('i32', 'bytes', 'bytes', 'bytes', 'bytes'),
} as const satisfies Declarations;
