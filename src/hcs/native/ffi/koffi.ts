/** The seam over koffi. */
import type { LibraryHandle } from 'koffi';
import { LibraryMissing } from './errors.ts';
import { answerLater } from './later.ts';
import type { Ffi, NativeCallback, NativeFunction, NativeLibrary, Parameter, Scalar, Signature } from './seam.ts';

type Koffi = typeof import('koffi');
type KoffiFunction = ReturnType<LibraryHandle['func']>;

const TYPES: { readonly [T in Parameter | 'void']: string } = {
  i32: 'int32_t',
  u32: 'uint32_t',
  u64: 'uint64_t',
  bytes: 'void *',
  void: 'void',
};

/** koffi gives a 64-bit number as a bigint only when a double could not hold it. */
function scalarOf(type: Scalar | 'void', value: unknown): unknown {
  return type === 'u64' && typeof value === 'number' ? BigInt(value) : value;
}

function functionOf(found: KoffiFunction, { returns }: Signature): NativeFunction {
  const call = {
    now: (...parameters: unknown[]) => scalarOf(returns, found(...parameters)),
    later: (...parameters: unknown[]) => answerLater(found, parameters, (value) => scalarOf(returns, value)),
  };
  return call as NativeFunction;
}

function libraryOf(library: LibraryHandle): NativeLibrary {
  return {
    find: <const S extends Signature>(name: string, signature: S) => {
      const { returns, parameters } = signature;
      let found: KoffiFunction;
      try {
        found = library.func(
          name,
          TYPES[returns],
          parameters.map((type) => TYPES[type]),
        );
      } catch {
        return undefined;
      }
      return functionOf(found, signature) as NativeFunction<S>;
    },
  };
}

/** Room for calls from native threads that wait for JavaScript, and for the stack that a remote call needs. */
function configure(koffi: Koffi): void {
  try {
    koffi.config({ max_async_calls: 4096, async_stack_size: 1024 * 1024 });
  } catch {
    // Somebody else in this process has loaded a library before: their settings stand.
  }
}

/** GET_MODULE_HANDLE_EX_FLAG_PIN */
const PIN = 1;

/** koffi gives libraries back when the process ends by itself: one whose own threads still run must stay. */
function keepLoaded(koffi: Koffi, file: string): void {
  if (process.platform !== 'win32') return;
  const pin = koffi.load('kernel32.dll').func('GetModuleHandleExW', 'int32_t', ['uint32_t', 'str16', 'void *']);
  pin(PIN, file, Buffer.alloc(8));
}

function callbackOf(koffi: Koffi, parameters: readonly Scalar[], called: (...values: never[]) => void): NativeCallback {
  const type = koffi.pointer(
    koffi.proto(
      'void',
      parameters.map((parameter) => TYPES[parameter]),
    ),
  );
  const address = koffi.register((...values: unknown[]) => {
    called(...(values.map((value, index) => scalarOf(parameters[index] ?? 'u32', value)) as never[]));
  }, type);
  return { address, release: () => koffi.unregister(address) };
}

/** @throws when koffi has no binary for this platform */
export async function koffiFfi(): Promise<Ffi> {
  const koffi = await import('koffi');
  configure(koffi);
  return {
    name: 'koffi',
    version: koffi.version,
    open: (file) => {
      try {
        const library = libraryOf(koffi.load(file));
        keepLoaded(koffi, file);
        return library;
      } catch (error) {
        throw new LibraryMissing(file, error);
      }
    },
    addressOf: (bytes) => koffi.address(bytes),
    callback: (parameters, called) => callbackOf(koffi, parameters, called as (...values: never[]) => void),
  };
}
