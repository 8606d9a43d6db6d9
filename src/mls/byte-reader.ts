/** Reads the presentation language of TLS, as MLS writes it. */

/** The bytes are not what they should be. */
export class MalformedBytes extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedBytes';
  }
}

/** Goes through bytes once, from their beginning to their end, and never beyond. */
export class ByteReader {
  private place = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** How many bytes have been read. */
  get offset(): number {
    return this.place;
  }

  /** True when everything has been read. */
  get isAtEnd(): boolean {
    return this.place === this.bytes.length;
  }

  /** So many bytes, without a copy. */
  take(length: number): Uint8Array {
    const end = this.place + length;
    if (end > this.bytes.length) throw new MalformedBytes('The bytes end too early.');
    const taken = this.bytes.subarray(this.place, end);
    this.place = end;
    return taken;
  }

  /** An unsigned integer of 8 bits. */
  uint8(): number {
    return this.take(1)[0]!;
  }

  /** An unsigned integer of 16 bits. */
  uint16(): number {
    const [high, low] = this.take(2);
    return (high! << 8) | low!;
  }

  /** An unsigned integer of 32 bits. */
  uint32(): number {
    return this.uint16() * 0x1_0000 + this.uint16();
  }

  /** An unsigned integer of 64 bits. */
  uint64(): bigint {
    return (BigInt(this.uint32()) << 32n) | BigInt(this.uint32());
  }

  /**
   * A vector with its length before it, which is written as short as it can be.
   *
   * @source RFC 9420 §2.1.2
   */
  vector(): Uint8Array {
    const first = this.uint8();
    const prefix = first >> 6;
    if (prefix === 3) throw new MalformedBytes('A length has a prefix that means nothing.');
    let length = first & 0x3f;
    for (const byte of this.take((1 << prefix) - 1)) length = length * 256 + byte;
    const shortest = prefix === 0 ? 0 : prefix === 1 ? 64 : 16384;
    if (length < shortest) throw new MalformedBytes('A length is longer than it needs to be.');
    return this.take(length);
  }

  /** What is read of a vector, element by element. */
  list<Element>(read: (inner: ByteReader) => Element): Element[] {
    const inner = new ByteReader(this.vector());
    const elements: Element[] = [];
    while (!inner.isAtEnd) elements.push(read(inner));
    return elements;
  }

  /** Refuses bytes that nobody has read. */
  requireEnd(): void {
    if (!this.isAtEnd) throw new MalformedBytes('There is something after the end.');
  }
}

/**
 * A vector as it is written, its length before it.
 *
 * @source RFC 9420 §2.1.2
 */
export function writeVector(bytes: Uint8Array): Buffer {
  const { length } = bytes;
  if (length < 64) return Buffer.concat([Buffer.from([length]), bytes]);
  const header = Buffer.alloc(length < 16384 ? 2 : 4);
  if (length < 16384) header.writeUInt16BE(length | 0x4000);
  else header.writeUInt32BE((length | 0x8000_0000) >>> 0);
  return Buffer.concat([header, bytes]);
}
