/** What becomes of a request that gets no connection: the pool has none left, or PostgreSQL gives no more, or is not there. */
import { hasCode } from '../system-error.js';

/** No connection was to be had in time. What needed it was not done; a repeat in a moment may work. */
export class DatabaseBusy extends Error {
  /** Seconds after which a repeat makes sense. */
  readonly retryAfterSeconds = 2;

  constructor(cause: unknown) {
    super('The server has too much to do at the moment.', { cause });
  }
}

/** As the pool and the driver say it; they give no code. */
const NO_CONNECTION = /timeout exceeded when trying to connect|due to connection timeout/;
/** PostgreSQL has as many connections as it takes, is starting or stopping, or nobody listens where it was. */
const NO_ADMISSION = ['53300', '57P03', 'ECONNREFUSED'];

/** The socket of a PostgreSQL on this machine is a file, which goes with it. */
const isGoneSocket = (error: Error): boolean =>
  hasCode(error, 'ENOENT') && 'syscall' in error && error.syscall === 'connect';

/** Throws an error on, as `DatabaseBusy` where it is about having no connection. */
export function rethrowBusy(error: unknown): never {
  const isBusy =
    error instanceof Error &&
    (NO_CONNECTION.test(error.message) ||
      NO_ADMISSION.some((code) => hasCode(error, code)) ||
      isGoneSocket(error));
  throw isBusy ? new DatabaseBusy(error) : error;
}
