/** Text messages of WebSockets as bytes, made of parts that are bytes already. @source RFC 6455 §5.2 */

/** A final text frame, as only servers may send it: without a mask. */
const FINAL_TEXT = 0x81;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;

/**
 * One unfragmented text message. The second part can be shared between the messages of many sockets: it is copied, not
 * encoded again.
 *
 * @param own UTF-8, the beginning of the message
 * @param shared UTF-8, the rest of it
 */
export function textFrame(own: Buffer, shared: Buffer): Buffer {
  const length = own.length + shared.length;
  const frame = Buffer.allocUnsafe(headBytes(length) + length);
  const start = writeHead(frame, 0, length);
  own.copy(frame, start);
  shared.copy(frame, start + own.length);
  return frame;
}

/** Unfragmented text messages, one after the other in one piece of memory. */
export function textFrames(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const frames = Buffer.allocUnsafe(
    lengths.reduce((bytes, length) => bytes + headBytes(length) + length, 0),
  );
  let end = 0;
  for (const [index, text] of texts.entries()) {
    end = writeHead(frames, end, lengths[index]!);
    end += frames.write(text, end);
  }
  return frames;
}

function headBytes(length: number): number {
  return length < LENGTH_IN_16_BITS ? 2 : length <= 0xffff ? 4 : 10;
}

/** Where the message begins. */
function writeHead(frame: Buffer, at: number, length: number): number {
  frame[at] = FINAL_TEXT;
  if (length < LENGTH_IN_16_BITS) frame[at + 1] = length;
  else if (length <= 0xffff) {
    frame[at + 1] = LENGTH_IN_16_BITS;
    frame.writeUInt16BE(length, at + 2);
  } else {
    frame[at + 1] = LENGTH_IN_64_BITS;
    frame.writeBigUInt64BE(BigInt(length), at + 2);
  }
  return at + headBytes(length);
}
