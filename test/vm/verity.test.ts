import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { EXT4_SUPERBLOCK, type VerityInfo, verityOf, verityTrailer } from '../../src/vm/verity.ts';
import { hostedCases } from '../support/hostedCases.ts';

const DISK = readFileSync(new URL('../conformance/files/verity.vhd', import.meta.url));
const at = (disk: Uint8Array, { offset, length }: { offset: number; length: number }) =>
  disk.subarray(offset, offset + length);

function verityIn(disk: Uint8Array): VerityInfo | undefined {
  const superblock = at(disk, EXT4_SUPERBLOCK);
  const range = verityTrailer(superblock, disk.byteLength);
  return range === undefined ? undefined : verityOf(superblock, at(disk, range));
}

function changed(offset: number, value: number): Uint8Array {
  const disk = Uint8Array.from(DISK);
  disk[offset] = value;
  return disk;
}

/** Every VerityInfo in a recorded case. */
function recordedIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => (key === 'VerityInfo' ? [field] : recordedIn(field)));
}

const SUPERBLOCK_OF_VERITY = 36_864;
const recorded = hostedCases('lcow')
  .map((one) => [one.name, recordedIn(one.expected.effects)] as const)
  .filter(([, infos]) => infos.length > 0);

describe('the dm-verity trailer of a layer', () => {
  test.each(recorded)('is read as it was in %s', (_name, infos) => {
    for (const info of infos) expect(verityIn(DISK)).toEqual(info);
  });

  test('lies behind the file system', () => {
    expect(verityTrailer(at(DISK, EXT4_SUPERBLOCK), DISK.byteLength)).toEqual({
      offset: SUPERBLOCK_OF_VERITY,
      length: 8192,
    });
  });

  test('has another root when a byte of the hash tree is another', () => {
    expect(verityIn(changed(SUPERBLOCK_OF_VERITY + 4096, 1))?.RootDigest).not.toBe(verityIn(DISK)?.RootDigest);
  });

  test.each([
    ['the file ends with the file system', DISK.subarray(0, SUPERBLOCK_OF_VERITY)],
    ['the file ends within the superblock of ext4', DISK.subarray(0, 1500)],
    ['the file is empty', DISK.subarray(0, 0)],
    ['it is no ext4', changed(EXT4_SUPERBLOCK.offset + 0x38, 0)],
    ['ext4 says a block size that it cannot have', changed(EXT4_SUPERBLOCK.offset + 0x18, 40)],
    ['another signature stands there', changed(SUPERBLOCK_OF_VERITY, 0x56)],
    ['it has another hash', changed(SUPERBLOCK_OF_VERITY + 35, 0x35)],
    ['its salt is longer than its field', changed(SUPERBLOCK_OF_VERITY + 81, 0x10)],
  ])('is none when %s', (_why, disk) => {
    expect(verityIn(disk)).toBeUndefined();
  });
});
