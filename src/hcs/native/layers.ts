/** The layer functions of vmcompute.dll. */
import type { LayerDescriptor } from '../../domain/allocations.ts';
import { HostError } from '../hostError.ts';
import type { LayersPort } from '../port.ts';
import { VMCOMPUTE } from './bindings/vmcompute.ts';
import { type Blocking, isFailure } from './blocking.ts';
import type { Bound, Libraries } from './ffi/declaring.ts';
import { guidText, Out, wide } from './ffi/memory.ts';
import { driverInfo, layerDescriptors, type Structure } from './layerStructures.ts';

type Created = Parameters<LayersPort['createScratch']>[0];
type Activated = Parameters<LayersPort['activate']>[0];
type Prepared = Parameters<LayersPort['prepare']>[0];

const GUID_SIZE = 16;

/** The text of a buffer of characters up to its NUL. */
function textIn(characters: Buffer): string {
  const [text = ''] = characters.toString('utf16le').split('\0', 1);
  return text;
}

class NativeLayers implements LayersPort {
  readonly #libraries: Libraries;
  readonly #vmcompute: Bound<typeof VMCOMPUTE>;
  readonly #blocking: Blocking;
  readonly #driver: Structure;
  /** Ends when the prepare that was begun last has answered. */
  #prepares: Promise<unknown> = Promise.resolve();

  constructor(libraries: Libraries, blocking: Blocking) {
    this.#libraries = libraries;
    this.#vmcompute = libraries.bind('vmcompute', VMCOMPUTE);
    this.#blocking = blocking;
    this.#driver = driverInfo(libraries.ffi);
  }

  async #call(call: string, make: (driver: Buffer) => Promise<number>): Promise<void> {
    const hresult = await this.#blocking(call, async () => make(this.#driver.bytes));
    if (isFailure(hresult)) throw new HostError(call, hresult);
  }

  /** A call with descriptors, whose paths are kept until it has answered. */
  async #callWith(
    call: string,
    parents: readonly LayerDescriptor[],
    make: (driver: Buffer, descriptors: Buffer | null, count: bigint) => Promise<number>,
  ): Promise<void> {
    const kept = [layerDescriptors(this.#libraries.ffi, call, parents)];
    const descriptors = parents.length === 0 ? null : (kept[0]?.bytes ?? null);
    try {
      await this.#call(call, (driver) => make(driver, descriptors, BigInt(parents.length)));
    } finally {
      kept.length = 0;
    }
  }

  async nameToGuid(name: string): Promise<string> {
    const guid = Buffer.alloc(GUID_SIZE);
    await this.#call('layers.nameToGuid', () => this.#vmcompute.NameToGuid.later(wide(name), guid));
    return guidText(guid);
  }

  createScratch({ resource: { path } }: Created, parents: readonly LayerDescriptor[]): Promise<void> {
    return this.#callWith('layers.createScratch', parents, (driver, descriptors, count) =>
      this.#vmcompute.CreateSandboxLayer.later(driver, wide(path), 0n, descriptors, count),
    );
  }

  activate({ resource: { path } }: Activated): Promise<void> {
    return this.#call('layers.activate', (driver) => this.#vmcompute.ActivateLayer.later(driver, wide(path)));
  }

  deactivate(path: string): Promise<void> {
    return this.#call('layers.deactivate', (driver) => this.#vmcompute.DeactivateLayer.later(driver, wide(path)));
  }

  /** One at a time: side by side they time out on real hosts. */
  prepare({ resource: { path } }: Prepared, parents: readonly LayerDescriptor[]): Promise<void> {
    const prepared = this.#prepares.then(() =>
      this.#callWith('layers.prepare', parents, (driver, descriptors, count) =>
        this.#vmcompute.PrepareLayer.later(driver, wide(path), descriptors, count),
      ),
    );
    this.#prepares = prepared.catch(() => {});
    return prepared;
  }

  unprepare(path: string): Promise<void> {
    return this.#call('layers.unprepare', (driver) => this.#vmcompute.UnprepareLayer.later(driver, wide(path)));
  }

  async mountPath(path: string): Promise<string> {
    const length = new Out();
    const ask = (characters: Buffer | null) =>
      this.#call('layers.mountPath', (driver) =>
        this.#vmcompute.GetLayerMountPath.later(driver, wide(path), length.bytes, characters),
      );
    await ask(null);
    if (length.address === 0n) return '';
    const characters = Buffer.alloc(Number(length.address) * 2);
    await ask(characters);
    return textIn(characters);
  }
}

/** The layers of this host, as they are mounted for process isolation. */
export function nativeLayers(libraries: Libraries, blocking: Blocking): LayersPort {
  return new NativeLayers(libraries, blocking);
}
