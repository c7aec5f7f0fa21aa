/** Strings, GUIDs and pointers as Windows lays them out in memory (x64 and arm64: eight bytes a pointer). */
/** A PCWSTR; NULL for undefined. */
export function wide(text: string): Uint8Array;
export function wide(text: string | undefined): Uint8Array | null;
export function wide(text: string | undefined): Uint8Array | null {
  return text === undefined ? null : Buffer.from(`${text}\0`, 'utf16le');
}

/** The first three fields of a GUID are little-endian numbers; its text is big-endian throughout. */
function swapped(bytes: Uint8Array): Uint8Array {
  const other = Buffer.from(bytes);
  other.subarray(0, 4).reverse();
  other.subarray(4, 6).reverse();
  other.subarray(6, 8).reverse();
  return other;
}

/** A REFGUID. Windows makes GUIDs that are of no version of RFC 9562: any 32 digits will do. */
export function guidBytes(guid: string): Uint8Array {
  return swapped(Buffer.from(guid.replace(/[{}-]/g, ''), 'hex'));
}

/** The text of a GUID, lower case, without braces. */
export function guidText(bytes: Uint8Array): string {
  const digits = Buffer.from(swapped(bytes.subarray(0, 16))).toString('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Room for a value that a function hands out: a handle, an address, a number. */
export class Out {
  readonly bytes: Buffer = Buffer.alloc(8);

  /** As a handle or an address; 0n when nothing was handed out. */
  get address(): bigint {
    return this.bytes.readBigUInt64LE();
  }

  get u32(): number {
    return this.bytes.readUInt32LE();
  }
}
