/** The frames of native/frame.h, as the service reads and writes them. */

/** What a call is given: nothing, a number or handle, text, bytes. */
export type Argument = undefined | bigint | string | Uint8Array;

export interface NativeCall {
  /** 0: it is not answered. */
  readonly id: bigint;
  readonly function: string;
  readonly arguments: readonly Argument[];
}

export type Field = undefined | bigint | string | Uint8Array;

const KINDS = { reply: 2, event: 3, output: 4, outputEnd: 5 } as const;

/** What the service sends. `id`: of the call, or the handle that it concerns; `code`: HRESULT, event, or stream. */
export interface Frame {
  readonly kind: keyof typeof KINDS;
  readonly id: bigint;
  readonly code: number;
  readonly fields: readonly Field[];
}

const TYPES = { none: 0, number: 1, text: 2, bytes: 3 } as const;

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function numberField(value: bigint): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.writeUInt8(TYPES.number);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value), 1);
  return bytes;
}

function fieldBytes(field: Field): Buffer {
  if (field === undefined) return Buffer.of(TYPES.none);
  if (typeof field === 'bigint') return numberField(field);
  // The libraries want a NUL at the end of text.
  const bytes = typeof field === 'string' ? Buffer.from(`${field}\0`, 'utf16le') : field;
  return Buffer.concat([Buffer.of(typeof field === 'string' ? TYPES.text : TYPES.bytes), u32(bytes.length), bytes]);
}

export function encode({ kind, id, code, fields }: Frame): Buffer {
  const head = Buffer.alloc(15);
  head.writeUInt8(KINDS[kind]);
  head.writeBigUInt64LE(id, 1);
  head.writeUInt32LE(code >>> 0, 9);
  head.writeUInt8(fields.length, 14);
  const body = Buffer.concat([head, ...fields.map(fieldBytes)]);
  return Buffer.concat([u32(body.length), body]);
}

function argumentAt(bytes: Buffer, at: number): readonly [Argument, number] {
  const type = bytes.readUInt8(at);
  if (type === TYPES.none) return [undefined, at + 1];
  if (type === TYPES.number) return [bytes.readBigUInt64LE(at + 1), at + 9];
  const end = at + 5 + bytes.readUInt32LE(at + 1);
  if (type === TYPES.bytes) return [bytes.subarray(at + 5, end), end];
  return [bytes.toString('utf16le', at + 5, end), end];
}

function decode(bytes: Buffer): NativeCall {
  const nameEnd = 14 + bytes.readUInt8(13);
  const given: Argument[] = [];
  let at = nameEnd + 1;
  for (let left = bytes.readUInt8(nameEnd); left > 0; left -= 1) {
    const [argument, next] = argumentAt(bytes, at);
    given.push(argument);
    at = next;
  }
  return { id: bytes.readBigUInt64LE(1), function: bytes.toString('latin1', 14, nameEnd), arguments: given };
}

/** Cuts what comes from the connection into calls. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  *take(chunk: Buffer): Generator<NativeCall> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 4 && this.#rest.length >= 4 + this.#rest.readUInt32LE()) {
      const end = 4 + this.#rest.readUInt32LE();
      const frame = this.#rest.subarray(4, end);
      this.#rest = this.#rest.subarray(end);
      yield decode(frame);
    }
  }
}
