/** The structures that the layer functions of vmcompute.dll take, as they lie in memory on x64 and arm64. */
import type { LayerDescriptor } from '../../domain/allocations.ts';
import { wide } from './ffi/memory.ts';
import type { Ffi } from './ffi/seam.ts';
import { guidOf } from './hcn.ts';

/** Bytes that point at other bytes, which must be kept as long as they are in use. */
export interface Structure {
  readonly bytes: Buffer;
  readonly pointedAt: readonly Uint8Array[];
}

/** DriverInfo: int Flavour at 0, PCWSTR HomeDir at 8. */
const DRIVER = { size: 16, homeDir: 8 };
/** The filter driver, whose layers lie where their paths say. */
const FILTER_DRIVER = 1;
/** WC_LAYER_DESCRIPTOR: GUID LayerId at 0, ULONG Flags at 16, PCWSTR Path at 24. */
const DESCRIPTOR = { size: 32, path: 24 };

export function driverInfo(ffi: Ffi): Structure {
  const home = wide('');
  const bytes = Buffer.alloc(DRIVER.size);
  bytes.writeInt32LE(FILTER_DRIVER, 0);
  bytes.writeBigUInt64LE(ffi.addressOf(home), DRIVER.homeDir);
  return { bytes, pointedAt: [home] };
}

/** An array of descriptors in the order of the parents, top-most first. @throws {HostError} for an id that is no GUID */
export function layerDescriptors(ffi: Ffi, call: string, parents: readonly LayerDescriptor[]): Structure {
  const bytes = Buffer.alloc(parents.length * DESCRIPTOR.size);
  const pointedAt = parents.map(({ id, path }, index) => {
    const text = wide(path);
    bytes.set(guidOf(call, id), index * DESCRIPTOR.size);
    bytes.writeBigUInt64LE(ffi.addressOf(text), index * DESCRIPTOR.size + DESCRIPTOR.path);
    return text;
  });
  return { bytes, pointedAt };
}
