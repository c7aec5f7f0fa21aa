/** Declarations of native functions, and the libraries that they are looked up in. */
import type { Ffi, NativeFunction, NativeLibrary, Parameter, Scalar, Signature } from './seam.ts';

/** The libraries of Windows that the host is made of. */
export type LibraryName =
  | 'computecore'
  | 'computenetwork'
  | 'computestorage'
  | 'vmcompute'
  | 'kernel32'
  | 'ole32'
  | 'ntdll';

/** Which file each library is; Windows finds `computecore.dll` by its name. */
export type LibraryFiles = Readonly<Record<LibraryName, string>>;

export type Declarations = Readonly<Record<string, Signature>>;

/** `native('i32', 'u64', 'bytes')`: a function of a handle and a pointer that returns an HRESULT. */
export function native<const R extends Scalar | 'void', const P extends readonly Parameter[]>(
  returns: R,
  ...parameters: P
): { readonly returns: R; readonly parameters: P } {
  return { returns, parameters };
}

/** The functions of one library; each is looked up when it is first used. */
export type Bound<D extends Declarations> = { readonly [Name in keyof D]: NativeFunction<D[Name]> };

/** A library has not got a function: it is of a build of Windows that is too old. */
export class ExportMissing extends Error {
  override readonly name = 'ExportMissing';
  readonly code = 'export-missing';
  readonly library: LibraryName;
  readonly function: string;

  constructor(library: LibraryName, name: string) {
    super(`${library}.dll of this build of Windows has no function ${name}`);
    this.library = library;
    this.function = name;
  }
}

/** The libraries of one host, each opened when it is first used. */
export class Libraries {
  readonly ffi: Ffi;
  readonly #files: LibraryFiles;
  readonly #open = new Map<LibraryName, NativeLibrary>();

  constructor(ffi: Ffi, files: LibraryFiles) {
    this.ffi = ffi;
    this.#files = files;
  }

  /** @throws {LibraryMissing} */
  library(name: LibraryName): NativeLibrary {
    const open = this.#open.get(name) ?? this.ffi.open(this.#files[name]);
    this.#open.set(name, open);
    return open;
  }

  /** Whether the library has the function. @throws {LibraryMissing} */
  has(name: LibraryName, fn: string, signature: Signature): boolean {
    return this.library(name).find(fn, signature) !== undefined;
  }

  /** The functions of a library by their names. A function that is missing throws {@link ExportMissing} when used. */
  bind<D extends Declarations>(name: LibraryName, declarations: D): Bound<D> {
    const bound = {};
    for (const [fn, signature] of Object.entries(declarations)) {
      let found: NativeFunction | undefined;
      Object.defineProperty(bound, fn, {
        enumerable: true,
        get: () => {
          found ??= this.library(name).find(fn, signature);
          if (found === undefined) throw new ExportMissing(name, fn);
          return found;
        },
      });
    }
    return bound as Bound<D>;
  }
}
