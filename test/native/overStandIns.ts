/** The native host over the stand-in libraries, and what those have counted. */

import { loadFfi } from '../../src/hcs/native/ffi/choose.ts';
import type { Ffi, FfiName } from '../../src/hcs/native/ffi/seam.ts';
import { windowsHost } from '../../src/hcs/native/windowsHost.ts';
import type { FilesPort, HostPort } from '../../src/hcs/port.ts';
import { buildStandIns } from '../standin/build.ts';
import { standInLibraries } from '../standin/libraries.ts';

buildStandIns('linux');

const COUNTS = [
  'systems',
  'processes',
  'operations',
  'hcnHandles',
  'pipes',
  'strings',
  'doubleFrees',
  'wrongFrees',
  'badHandles',
  'callbacks',
  'calls',
  'pendingReads',
] as const;

export type Counts = Readonly<Record<(typeof COUNTS)[number], number>>;

export const NOTHING_LEFT: Counts = Object.fromEntries(COUNTS.map((name) => [name, 0])) as Record<keyof Counts, number>;

/** The core of the stand-ins in this process. */
export class StandInCore {
  readonly #counts;
  readonly #connect;
  readonly #forget;
  readonly #fail;

  constructor(ffi: Ffi) {
    const core = ffi.open(standInLibraries().standin);
    this.#counts = core.find('StandInCounts', { returns: 'void', parameters: ['bytes'] });
    this.#connect = core.find('StandInConnect', { returns: 'void', parameters: ['u32'] });
    this.#forget = core.find('StandInForget', { returns: 'void', parameters: [] });
    this.#fail = core.find('StandInFail', { returns: 'void', parameters: ['bytes', 'i32', 'u32'] });
  }

  static async of(name: FfiName): Promise<StandInCore> {
    return new StandInCore(await loadFfi(name));
  }

  /** What is open or was not given back. */
  counts(): Counts {
    const out = Buffer.alloc(8 * COUNTS.length);
    this.#counts?.now(out);
    const entries = COUNTS.map((name, index) => [name, Number(out.readBigUInt64LE(8 * index))] as const);
    return Object.fromEntries(entries) as Record<keyof Counts, number>;
  }

  /** Has this process speak to the service at the port from now on; 0: to none. */
  connectTo(port: number): void {
    this.#connect?.now(port);
  }

  forget(): void {
    this.#forget?.now();
  }

  /** The `nth` next call of the function fails in the library itself. */
  fail(name: string, hresult: number, nth = 1): void {
    this.#fail?.now(Buffer.from(`${name}\0`, 'utf16le'), hresult | 0, nth);
  }
}

export function hostOverStandIns(ffi: FfiName, files: FilesPort): HostPort {
  const { standin: _, ...libraries } = standInLibraries();
  return windowsHost({ ffi, libraries, files });
}
