/** Where the stand-in libraries lie once `npm run standin` has built them. */
import { join } from 'node:path';

export const STANDIN_ROOT = new URL('../../.standin/', import.meta.url).pathname;

/** The environment variable that tells the libraries the port of the service. */
export const PORT_VARIABLE = 'SLIPWAY_STANDIN_PORT';

/** The libraries that stand for one of Windows each; the core stands for kernel32, ole32 and ntdll. */
export const STANDIN_NAMES = ['computecore', 'computenetwork', 'computestorage', 'vmcompute', 'standin'] as const;

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

export function libraryFile(name: (typeof STANDIN_NAMES)[number], platform: StandInPlatform): string {
  return join(STANDIN_ROOT, platform, platform === 'linux' ? `lib${name}.so` : `${name}.dll`);
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
