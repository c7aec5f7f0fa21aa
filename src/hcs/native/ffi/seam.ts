/**
 * What Slipway needs of a library for foreign functions, and no more: numbers and addresses of bytes go in, a number
 * comes out. Strings, structures and ownership are made of these in one place, whichever library it is.
 */

/** `u64` also for handles and addresses: a bigint. */
export type Scalar = 'i32' | 'u32' | 'u64';
/** `bytes`: the address of the first byte, or NULL. The bytes are kept alive until the call has answered. */
export type Parameter = Scalar | 'bytes';

export interface Signature {
  readonly returns: Scalar | 'void';
  readonly parameters: readonly Parameter[];
}

type ScalarValue<S> = S extends 'u64' ? bigint : number;
export type ArgumentOf<P> = P extends 'bytes' ? Uint8Array | null : ScalarValue<P>;
export type ArgumentsOf<P extends readonly Parameter[]> = { -readonly [I in keyof P]: ArgumentOf<P[I]> };
export type ReturnOf<R> = R extends 'void' ? undefined : ScalarValue<R>;

export interface NativeFunction<S extends Signature = Signature> {
  /** On the thread of JavaScript: for what only looks at the memory of the process. */
  now(...parameters: ArgumentsOf<S['parameters']>): ReturnOf<S['returns']>;
  /** On a thread of the library. */
  later(...parameters: ArgumentsOf<S['parameters']>): Promise<ReturnOf<S['returns']>>;
}

export interface NativeLibrary {
  /** undefined when the library has no such export. */
  find<const S extends Signature>(name: string, signature: S): NativeFunction<S> | undefined;
}

/** A function of ours that native threads call; each call is carried out on the thread of JavaScript. */
export interface NativeCallback {
  readonly address: bigint;
  /** Nothing native may call it any more. */
  release(): void;
}

export interface Ffi {
  readonly name: FfiName;
  readonly version: string;
  /** @throws {LibraryMissing} */
  open(file: string): NativeLibrary;
  /** For a structure that points at other bytes: whoever makes one keeps those bytes until the call has answered. */
  addressOf(bytes: Uint8Array): bigint;
  /** Of a function without a result; `called` gets its parameters as numbers and bigints. */
  callback(parameters: readonly Scalar[], called: (...values: readonly (number | bigint)[]) => void): NativeCallback;
}

export type FfiName = 'koffi' | 'ffi-napi';
