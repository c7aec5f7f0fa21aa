/**
 * Where a region fits on a VPMem device. A device of 4 GiB is divided by four again and again, down to 1 MiB; a region
 * takes a whole block of the smallest size that holds it, so that what is free follows from what is taken.
 */

export interface Region {
  readonly offset: number;
  readonly size: number;
}

const MIB = 2 ** 20;
/** The whole device, in bytes. */
export const DEVICE_SPACE = 4096 * MIB;
const PARTS = 4;

/** The size of the smallest block that holds so many bytes; undefined when none does. */
function blockSizeFor(bytes: number): number | undefined {
  if (bytes <= 0 || bytes > DEVICE_SPACE) return undefined;
  let size = MIB;
  while (size < bytes) size *= PARTS;
  return size;
}

/** The largest free blocks within `block`, by offset, when `taken` are the blocks taken in it. */
function freeBlocks(block: Region, taken: readonly Region[]): readonly Region[] {
  if (taken.length === 0) return [block];
  if (taken.some(({ size }) => size >= block.size)) return [];
  const size = block.size / PARTS;
  return Array.from({ length: PARTS }, (_, part) => block.offset + part * size).flatMap((offset) =>
    freeBlocks(
      { offset, size },
      taken.filter((one) => one.offset >= offset && one.offset < offset + size),
    ),
  );
}

/** The offset at which so many bytes fit best: in the smallest free block, and of those in the first. */
export function freeOffset(regions: readonly Region[], bytes: number): number | undefined {
  const wanted = blockSizeFor(bytes);
  if (wanted === undefined) return undefined;
  const taken = regions.map(({ offset, size }) => ({ offset, size: blockSizeFor(size) ?? DEVICE_SPACE }));
  const fitting = freeBlocks({ offset: 0, size: DEVICE_SPACE }, taken).filter(({ size }) => size >= wanted);
  return fitting.sort((a, b) => a.size - b.size || a.offset - b.offset)[0]?.offset;
}
