import { isMainThread } from 'node:worker_threads';
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

/** ffi-napi answers calls of a thread that has ended, and ends the process with it. */
function refuseWorker(name: FfiName): void {
  if (name === 'ffi-napi' && !isMainThread) throw new Error('it does not work in worker threads');
}

/** Loads it: nothing native is loaded before. @throws {FfiMissing} */
export async function loadFfi(asked?: FfiName): Promise<Ffi> {
  const name = chosenFfi(asked);
  try {
    refuseWorker(name);
    return await LOADERS[name]();
  } catch (error) {
    throw new FfiMissing(name, error);
  }
}
