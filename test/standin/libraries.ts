/** Where the stand-in libraries lie once `npm run standin` has built them. */
import { join } from 'node:path';

export const STANDIN_ROOT = new URL('../../.standin/', import.meta.url).pathname;

/** The environment variable that tells the libraries the port of the service. */
export const PORT_VARIABLE = 'SLIPWAY_STANDIN_PORT';

/** The core, which stands for kernel32, ole32 and ntdll, and those that are linked with it and stand for one each. */
export const LIBRARIES = ['standin', 'computecore', 'computenetwork', 'computestorage', 'vmcompute'] as const;

export type Library = (typeof LIBRARIES)[number];

export type StandInPlatform = 'linux' | 'windows';

export interface StandInLibraries {
  readonly computecore: string;
  readonly computenetwork: string;
  readonly computestorage: string;
  readonly vmcompute: string;
  readonly kernel32: string;
  readonly ole32: string;
  readonly ntdll: string;
  /** The core itself, with `StandInConnect`, `StandInCounts` and `StandInFail`. */
  readonly standin: string;
}

export function fileName(library: Library, platform: StandInPlatform): string {
  return platform === 'linux' ? `lib${library}.so` : `${library}.dll`;
}

export function libraryFile(library: Library, platform: StandInPlatform): string {
  return join(STANDIN_ROOT, platform, fileName(library, platform));
}

/** The file that stands for each library of Windows. */
export function standInLibraries(platform: StandInPlatform = 'linux'): StandInLibraries {
  const standin = libraryFile('standin', platform);
  return {
    computecore: libraryFile('computecore', platform),
    computenetwork: libraryFile('computenetwork', platform),
    computestorage: libraryFile('computestorage', platform),
    vmcompute: libraryFile('vmcompute', platform),
    kernel32: standin,
    ole32: standin,
    ntdll: standin,
    standin,
  };
}
