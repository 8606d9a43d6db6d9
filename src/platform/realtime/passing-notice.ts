/** What is told to whoever listens at this moment and kept nowhere. */
import { statement, type Reader } from '../db/database.js';
import { EVENTS_CHANNEL } from '../journal/append.js';

/** Something that passes. */
export interface PassingNotice {
  /** As the name of an event. */
  readonly name: string;
  readonly topics: readonly string[];
  /** Plain JSON. */
  readonly payload: object;
}

/** Bytes of a notice, as PostgreSQL carries them. */
const MOST_BYTES = 7900;

const NOTIFY = statement('realtime.pass', `select pg_notify('${EVENTS_CHANNEL}', $1)`);

/** Tells every process; who does not listen now never hears of it. */
export async function passNotice(reader: Reader, notice: PassingNotice): Promise<void> {
  const text = JSON.stringify(notice);
  if (Buffer.byteLength(text) > MOST_BYTES) throw new Error('A passing notice is too long');
  await reader.rows(NOTIFY, [text]);
}

/** Reads a notice; null when it only says that there is something in the journal. */
export function readNotice(text: string | undefined): PassingNotice | null {
  return text ? (JSON.parse(text) as PassingNotice) : null;
}
