/**
 * A committed fact as live readers get it, and its place in the journal. A place is (transaction, number),
 * never the number alone: numbers are drawn before the commit, so they become visible out of order.
 */
import { decodeCursor, encodeCursor, InvalidCursor } from '../db/page.js';

/** Place of an event. Below the oldest running transaction, places only ever grow at the end. */
export interface Position {
  /** Top-level transaction, 64 bit. */
  readonly xid: bigint;
  /** Number of the event; 0 = before every event of that transaction. */
  readonly seq: bigint;
}

/** One event of the journal that has live topics. */
export interface LiveEvent extends Position {
  /** Name of the event type, for example `postPublished`. */
  readonly name: string;
  readonly topics: readonly string[];
  /** As it was appended: plain JSON. */
  readonly payload: object;
  readonly createdAt: Date;
  /** Opaque; `after: cursor` continues behind this event. */
  readonly cursor: string;
}

/** What a cursor says. */
export interface CursorPosition extends Position {
  /** Identity of the database cluster in which the position means something. */
  readonly epoch: string;
  /** When the event was appended, or the position read; ms since 1970. */
  readonly atMs: number;
}

const PARTS = 4;
const UNSIGNED = /^\d{1,20}$/;

/** Makes a cursor. */
export function encodeLiveCursor({ epoch, xid, seq, atMs }: CursorPosition): string {
  return encodeCursor([epoch, String(xid), String(seq), String(atMs)]);
}

/** Reads a cursor. @throws {InvalidCursor} when this server did not make it */
export function decodeLiveCursor(cursor: string): CursorPosition {
  const [epoch = '', xid = '', seq = '', at = ''] = decodeCursor(cursor, PARTS);
  if (![epoch, xid, seq, at].every((part) => UNSIGNED.test(part))) {
    throw new InvalidCursor('The cursor belongs to another list.');
  }
  return { epoch, xid: BigInt(xid), seq: BigInt(seq), atMs: Number(at) };
}

/** True when `event` lies below a position that was read completely. */
export function isBefore(event: Position, position: Position): boolean {
  return event.xid === position.xid ? event.seq <= position.seq : event.xid < position.xid;
}
