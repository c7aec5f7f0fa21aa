import { FfiMissing } from './errors.ts';
import type { Ffi, FfiName } from './seam.ts';

const LOADERS: { readonly [N in FfiName]: () => Promise<Ffi> } = {
  koffi: async () => (await import('./koffi.ts')).koffiFfi(),
  'ffi-napi': async () => (await import('./ffiNapi.ts')).ffiNapi(),
};

function isFfiName(name: string): name is FfiName {
  return Object.hasOwn(LOADERS, name);
}

/** The library that was asked for, else that of `SLIPWAY_FFI`, else koffi. @throws {RangeError} for any other name */
export function chosenFfi(asked?: FfiName): FfiName {
  const name = asked ?? (process.env.SLIPWAY_FFI || 'koffi');
  if (!isFfiName(name)) throw new RangeError(`SLIPWAY_FFI is koffi or ffi-napi, not '${name}'`);
  return name;
}

/** Loads it: nothing native is loaded before. @throws {FfiMissing} */
export async function loadFfi(asked?: FfiName): Promise<Ffi> {
  const name = chosenFfi(asked);
  try {
    return await LOADERS[name]();
  } catch (error) {
    throw new FfiMissing(name, error);
  }
}
