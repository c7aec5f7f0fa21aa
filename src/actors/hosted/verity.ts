import { type ByteRange, EXT4_SUPERBLOCK, type VerityInfo, verityOf, verityTrailer } from '../../vm/verity.ts';
import type { Run } from '../run.ts';

const STEP = 'mountingLayers';

function read(run: Run, file: string, { offset, length }: ByteRange): Promise<Uint8Array> {
  return run.step(STEP, 'files.readBytes', file, () => run.host.files.readBytes(file, offset, length));
}

/** What the guest has to know to notice a changed block of the layer; undefined for a layer without hashes. */
export async function verityOfLayer(run: Run, file: string, sizeInBytes: number): Promise<VerityInfo | undefined> {
  if (sizeInBytes < EXT4_SUPERBLOCK.offset + EXT4_SUPERBLOCK.length) return undefined;
  const superblock = await read(run, file, EXT4_SUPERBLOCK);
  const where = verityTrailer(superblock, sizeInBytes);
  return where === undefined ? undefined : verityOf(superblock, await read(run, file, where));
}
