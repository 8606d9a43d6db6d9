/** Lengths of messages, of which an observer learns only a class. */

const SMALL = [256, 1024, 4096] as const;
/** Bytes of the largest class; longer ones are padded to a multiple of it. */
const LARGE = 16_384;
/** What stands around the text inside of a message: its length, the signature and its length. */
const AROUND = 4 + 64 + 2;

/** The length that a text of so many bytes is padded to, with what stands around it. */
export function paddedLength(bytes: number): number {
  const whole = bytes + AROUND;
  return SMALL.find((size) => whole <= size) ?? Math.ceil(whole / LARGE) * LARGE;
}
