/**
 * dm-verity: a layer for Linux may carry the hashes of its blocks behind its file system, so that the guest notices a
 * block that was changed.
 */
import { createHash } from 'node:crypto';
import { present } from '../domain/present.ts';

/** The dm-verity trailer of a Linux layer, as the guest wants it. */
export interface VerityInfo {
  readonly Ext4SizeInBytes?: number;
  readonly Version?: number;
  readonly Algorithm?: string;
  readonly SuperBlock?: boolean;
  readonly RootDigest?: string;
  readonly Salt?: string;
  readonly BlockSize?: number;
}

/** Bytes of a file. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Where the superblock of ext4 lies in the disk of a layer. */
export const EXT4_SUPERBLOCK: ByteRange = { offset: 1024, length: 1024 };

/** Offsets in the superblock of ext4. */
const EXT4 = { blockCount: 0x04, logBlockSize: 0x18, magic: 0x38 } as const;
const EXT4_MAGIC = 0xef53;
/** The block size is 1024 << n; ext4 has 64 KiB at most. */
const LOG_BLOCK_SIZE_MAX = 6;

/** Offsets in the superblock of dm-verity, and sizes of its fields. */
const VERITY = { version: 8, algorithm: 32, algorithmSize: 32, saltSize: 80, salt: 88, saltMax: 256 } as const;
const VERITY_SIGNATURE = 'verity';
/** The superblock fills one block; the next one is the root of the hash tree. */
const HASH_BLOCK = 4096;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').replace(/\0+$/, '');
}

interface FileSystem {
  readonly sizeInBytes: number;
  readonly blockSize: number;
}

function fileSystemOf(superblock: Uint8Array): FileSystem | undefined {
  if (superblock.byteLength < EXT4_SUPERBLOCK.length) return undefined;
  const view = viewOf(superblock);
  const logBlockSize = view.getUint32(EXT4.logBlockSize, true);
  if (view.getUint16(EXT4.magic, true) !== EXT4_MAGIC || logBlockSize > LOG_BLOCK_SIZE_MAX) return undefined;
  const blockSize = 1024 << logBlockSize;
  return { sizeInBytes: view.getUint32(EXT4.blockCount, true) * blockSize, blockSize };
}

/**
 * Where the trailer lies, if there is one: behind the file system. undefined when the disk holds no ext4, or when
 * nothing fits behind it. `superblock`: the bytes of `EXT4_SUPERBLOCK`; `fileSize` in bytes.
 */
export function verityTrailer(superblock: Uint8Array, fileSize: number): ByteRange | undefined {
  const fileSystem = fileSystemOf(superblock);
  if (fileSystem === undefined) return undefined;
  const range = { offset: fileSystem.sizeInBytes, length: 2 * HASH_BLOCK };
  return range.offset + range.length <= fileSize ? range : undefined;
}

/** What the bytes of `verityTrailer` say; undefined when they are no trailer, or one with a hash that is not SHA-256. */
export function verityOf(superblock: Uint8Array, trailer: Uint8Array): VerityInfo | undefined {
  const fileSystem = fileSystemOf(superblock);
  if (fileSystem === undefined || trailer.byteLength < 2 * HASH_BLOCK) return undefined;
  const view = viewOf(trailer);
  const saltSize = view.getUint16(VERITY.saltSize, true);
  const algorithm = textOf(trailer.subarray(VERITY.algorithm, VERITY.algorithm + VERITY.algorithmSize));
  const isVerity = textOf(trailer.subarray(0, VERITY.version)) === VERITY_SIGNATURE;
  if (!isVerity || algorithm !== 'sha256' || saltSize > VERITY.saltMax) return undefined;
  const salt = trailer.subarray(VERITY.salt, VERITY.salt + saltSize);
  const root = trailer.subarray(HASH_BLOCK, 2 * HASH_BLOCK);
  return present({
    Ext4SizeInBytes: fileSystem.sizeInBytes,
    Version: view.getUint32(VERITY.version, true),
    Algorithm: algorithm,
    SuperBlock: true,
    RootDigest: createHash(algorithm).update(salt).update(root).digest('hex'),
    Salt: Buffer.from(salt).toString('hex'),
    BlockSize: fileSystem.blockSize,
  });
}
