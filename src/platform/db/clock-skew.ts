/** How far the clock of this machine and that of the database are apart. */
import type { Logger } from '../logger.js';
import type { Connection } from './connection.js';

/** From here on somebody should look. */
export const SKEW_WARNING_MS = 2_000;

/**
 * Milliseconds by which this machine is ahead. Compares with the middle of the round trip, so that a slow network does not
 * look like a wrong clock.
 */
export async function clockSkew(connection: Connection): Promise<number> {
  const before = Date.now();
  const {
    rows: [row],
  } = await connection.query<{ now: Date }>('select clock_timestamp() as now');
  const after = Date.now();
  return Math.round((before + after) / 2 - Number(row?.now));
}

/** Tells whoever reads the log; other servers refuse what is signed an hour off. */
export async function warnOfClockSkew(connection: Connection, log: Logger): Promise<void> {
  const aheadMs = await clockSkew(connection);
  if (Math.abs(aheadMs) > SKEW_WARNING_MS)
    log.warn(
      { aheadMs },
      'the clock of this machine is not the one of the database: set both by the network (NTP), or other servers may refuse what is signed here',
    );
}
