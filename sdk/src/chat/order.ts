/**
 * The one order of a conversation. Each device keeps a hash over what it was shown in the present epoch, and says in its
 * messages how far it is: a server that shows two orders, or two histories, is found out by the next message.
 */
import { blake2b } from '@noble/hashes/blake2.js';
import { concat, toBase64, utf8 } from '../crypto/bytes.js';
import type { Noticed } from './notices.js';

/** How far a device is in a conversation. */
export interface SeenOrder {
  /** Place of the last entry. */
  readonly last: number;
  /** Hash over the entries of the epoch up to there; null = one is missing, so it cannot be compared until the next epoch. */
  readonly hash: string | null;
  /** Places before it, with the hashes up to each, the newest last. */
  readonly recent: readonly (readonly [sequence: number, hash: string])[];
}

/** An entry as far as the order is concerned. */
export interface Placed {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  /**
   * For what begins an epoch: the authenticator of that epoch, or null where it is not known any more. Undefined for what
   * lies within one.
   */
  readonly begins: Uint8Array | null | undefined;
}

const RECENT = 32;
const HASH_BYTES = 16;

/** The order after an entry, and what is wrong with it. */
export function follow(
  order: SeenOrder | null,
  entry: Placed,
): { readonly order: SeenOrder; readonly noticed: Noticed | null } {
  const { sequence } = entry;
  if (order && sequence <= order.last) return { order, noticed: { kind: 'rewritten', sequence } };
  const isNext = order !== null && sequence === order.last + 1;
  const noticed: Noticed | null =
    order === null || isNext
      ? null
      : { kind: 'missing', from: order.last + 1, to: sequence - 1, isExpected: false };
  const hash = hashAfter(isNext ? order.hash : null, entry);
  const recent = [...(order?.recent ?? []), ...(hash === null ? [] : [[sequence, hash] as const])];
  return { order: { last: sequence, hash, recent: recent.slice(-RECENT) }, noticed };
}

/** The order of a device that comes in with an epoch. */
export const begun = (sequence: number, authenticator: Uint8Array): SeenOrder =>
  follow(null, { sequence, bytes: new Uint8Array(), begins: authenticator }).order;

/** Whether somebody who is at this place was shown the same; null = that cannot be told. */
export function isShared(order: SeenOrder | null, [sequence, hash]: readonly [number, string]) {
  const own = order?.recent.find(([place]) => place === sequence);
  return own ? own[1] === hash : null;
}

function hashAfter(before: string | null, { sequence, bytes, begins }: Placed): string | null {
  if (begins === null || (begins === undefined && before === null)) return null;
  // Of what begins an epoch the devices that come in have not the bytes, but all of them know its authenticator.
  const what = begins ?? concat(utf8(before!), bytes);
  const label = utf8(`triptych/order/1\0${begins ? 'epoch' : 'entry'}\0${sequence}\0`);
  return toBase64(blake2b(concat(label, what), { dkLen: HASH_BYTES }));
}
