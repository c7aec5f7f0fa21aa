/** The seam over ffi-napi, which is an optional package. */
import { createRequire } from 'node:module';
import { LibraryMissing } from './errors.ts';
import { answerLater } from './later.ts';
import type { Ffi, NativeCallback, NativeFunction, NativeLibrary, Parameter, Scalar, Signature } from './seam.ts';

/** What is used of ffi-napi. It takes and gives 64-bit numbers as decimal text, and pointers as buffers. */
interface ForeignFunction {
  (...parameters: unknown[]): unknown;
  async(...parameters: unknown[]): void;
}

interface FfiNapi {
  DynamicLibrary(this: void, file: string): { get(name: string): Buffer };
  ForeignFunction(this: void, address: Buffer, returns: string, parameters: readonly string[]): ForeignFunction;
  Callback(this: void, returns: string, parameters: readonly string[], called: (...values: unknown[]) => void): Buffer;
}

const TYPES: { readonly [T in Parameter | 'void']: string } = {
  i32: 'int32',
  u32: 'uint32',
  u64: 'uint64',
  bytes: 'pointer',
  void: 'void',
};

function scalarOf(type: Scalar | 'void', value: unknown): unknown {
  if (type === 'void') return undefined;
  return type === 'u64' ? BigInt(value as number | string) : value;
}

/** The library knows no other arrays of bytes than buffers. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function argumentOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return bufferOf(value);
  return typeof value === 'bigint' ? value.toString() : value;
}

function functionOf(found: ForeignFunction, { returns }: Signature): NativeFunction {
  const call = {
    now: (...parameters: unknown[]) => scalarOf(returns, found(...parameters.map(argumentOf))),
    later: (...parameters: unknown[]) =>
      answerLater(found, parameters.map(argumentOf), (value) => scalarOf(returns, value)),
  };
  return call as NativeFunction;
}

function libraryOf(ffi: FfiNapi, file: string): NativeLibrary {
  const library = ffi.DynamicLibrary(file);
  return {
    find: <const S extends Signature>(name: string, signature: S) => {
      let address: Buffer;
      try {
        address = library.get(name);
      } catch {
        return undefined;
      }
      const parameters = signature.parameters.map((type) => TYPES[type]);
      return functionOf(
        ffi.ForeignFunction(address, TYPES[signature.returns], parameters),
        signature,
      ) as NativeFunction<S>;
    },
  };
}

/** The library frees a callback that nobody holds, though native code may still call it. */
const held = new Set<Buffer>();

function callbackOf(
  ffi: FfiNapi,
  addressOf: (callback: Buffer) => bigint,
  parameters: readonly Scalar[],
  called: (...values: never[]) => void,
): NativeCallback {
  const types = parameters.map((type) => TYPES[type]);
  const callback = ffi.Callback('void', types, (...values) => {
    called(...(values.map((value, index) => scalarOf(parameters[index] ?? 'u32', value)) as never[]));
  });
  held.add(callback);
  return { address: addressOf(callback), release: () => void held.delete(callback) };
}

/** @throws when the package is not installed, or its binary does not load */
export async function ffiNapi(): Promise<Ffi> {
  const require = createRequire(import.meta.url);
  const ffi = require('ffi-napi') as FfiNapi;
  const { version } = require('ffi-napi/package.json') as { version: string };
  const ref = createRequire(require.resolve('ffi-napi'))('ref-napi') as { address(buffer: Buffer): number };
  const addressOf = (bytes: Uint8Array) => BigInt(ref.address(bufferOf(bytes)));
  return {
    name: 'ffi-napi',
    version,
    open: (file) => {
      try {
        return libraryOf(ffi, file);
      } catch (error) {
        throw new LibraryMissing(file, error);
      }
    },
    addressOf,
    callback: (parameters, called) => callbackOf(ffi, addressOf, parameters, called as (...values: never[]) => void),
  };
}
