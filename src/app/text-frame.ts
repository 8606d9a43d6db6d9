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
  const start = length < LENGTH_IN_16_BITS ? 2 : length <= 0xffff ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = FINAL_TEXT;
  if (start === 2) frame[1] = length;
  else if (start === 4) {
    frame[1] = LENGTH_IN_16_BITS;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_IN_64_BITS;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  own.copy(frame, start);
  shared.copy(frame, start + own.length);
  return frame;
}
