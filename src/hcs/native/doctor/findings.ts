/** What was found on a host by asking: plain data. */
import type { HostFailure } from '../../../domain/fault.ts';
import type { LibraryName } from '../ffi/declaring.ts';
import type { FfiName } from '../ffi/seam.ts';

/** What the host told, or how it refused to. */
export type Told<T> = { readonly told: T } | { readonly refused: HostFailure };

export interface Problem {
  readonly message: string;
  readonly hint: string;
}

export type LibraryFinding =
  | { readonly state: 'loaded'; readonly functions: number; readonly missing: readonly string[] }
  | ({ readonly state: 'missing' } & Problem);

export interface Machine {
  /** `win32`, `linux`, ... */
  readonly platform: string;
  readonly arch: string;
  readonly node: string;
}

export interface HnsVersion {
  readonly major: number;
  readonly minor: number;
}

export interface HostFindings {
  readonly ffi: { readonly name: FfiName; readonly version: string };
  readonly libraries: Readonly<Record<LibraryName, LibraryFinding>>;
  readonly build: Told<number>;
  readonly processors: Told<number>;
  /** The schemas that HCS understands: `2.1`. */
  readonly schemas: Told<readonly string[]>;
  /** How many compute systems there are: only who may use HCS is told. */
  readonly systems: Told<number>;
  readonly hns: Told<HnsVersion>;
}

/** `elsewhere`: not Windows. `noFfi`: nothing native can be called. */
export type Examination =
  | { readonly kind: 'elsewhere'; readonly machine: Machine }
  | ({ readonly kind: 'noFfi'; readonly machine: Machine } & Problem)
  | { readonly kind: 'examined'; readonly machine: Machine; readonly host: HostFindings };
