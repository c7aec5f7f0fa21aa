import type { FfiName } from './seam.ts';

const HOW_TO_INSTALL: { readonly [N in FfiName]: string } = {
  koffi: 'Install it with npm install koffi, on a platform that it has binaries for.',
  'ffi-napi':
    'Install it with npm install --ignore-scripts ffi-napi (its install script does not build on current Node, and its binary needs none), or use koffi.',
};

/** The package that calls native functions is not installed, or does not load here. */
export class FfiMissing extends Error {
  override readonly name = 'FfiMissing';
  readonly code = 'ffi-missing';
  readonly hint: string;

  constructor(ffi: FfiName, cause: unknown) {
    const why = cause instanceof Error ? `: ${cause.message.split('\n', 1)[0]}` : '';
    super(`the package ${ffi} cannot be loaded${why}`, { cause });
    this.hint = HOW_TO_INSTALL[ffi];
  }
}

/** A library of Windows is not there, or does not load. */
export class LibraryMissing extends Error {
  override readonly name = 'LibraryMissing';
  readonly code = 'library-missing';
  readonly file: string;
  readonly hint: string;

  constructor(file: string, cause: unknown) {
    const why = cause instanceof Error ? `: ${cause.message.split('\n', 1)[0]}` : '';
    super(`the library ${file} cannot be loaded${why}`, { cause });
    this.file = file;
    this.hint =
      process.platform === 'win32'
        ? 'Use Windows Server 2019 or Windows 10 1809 or later, with the features Containers and, for VMs, Hyper-V.'
        : 'Only Windows has it; on other platforms use simulatedHost() of slipway/testing.';
  }
}
