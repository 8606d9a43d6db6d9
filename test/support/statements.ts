// Every statement that goes to PostgreSQL, counted where the driver sends it, by the HTTP request that caused it.
import { AsyncResource } from 'node:async_hooks';
import pg from 'pg';
import { currentRequestId } from '../../src/platform/logger.js';

/** Names (or texts) of the statements of each request, while it is not disposed. */
export interface StatementLog extends Disposable {
  /** Statements of a request, by the `x-request-id` of its answer, in order. */
  of(requestId: string): readonly string[];
}

/** Starts listening to the driver of this process. */
export function logStatements(): StatementLog {
  const byRequest = new Map<string, string[]>();
  // oxlint-disable-next-line typescript/unbound-method -- called below with the client it is for
  const send = pg.Client.prototype.query as (this: pg.Client, ...words: unknown[]) => unknown;
  const listen = function (this: pg.Client, ...words: unknown[]): unknown {
    const requestId = currentRequestId();
    if (requestId !== undefined) {
      const statements = byRequest.get(requestId) ?? [];
      byRequest.set(requestId, [...statements, nameOf(words[0])]);
    }
    return send.apply(this, words);
  };
  pg.Client.prototype.query = listen as typeof pg.Client.prototype.query;
  const forget = keepRequestWhileWaiting();
  return {
    of: (requestId) => byRequest.get(requestId) ?? [],
    [Symbol.dispose]: () => {
      pg.Client.prototype.query = send as typeof pg.Client.prototype.query;
      forget();
    },
  };
}

/** Whoever waits for a connection gets it in the context of whoever gives one back: not here. */
function keepRequestWhileWaiting(): () => void {
  type Waiting = (...words: unknown[]) => void;
  // oxlint-disable-next-line typescript/unbound-method -- called below with the pool it is for
  const connect = pg.Pool.prototype.connect as (this: pg.Pool, waiting?: Waiting) => unknown;
  const keep = function (this: pg.Pool, waiting?: Waiting): unknown {
    return connect.call(this, waiting && AsyncResource.bind(waiting));
  };
  pg.Pool.prototype.connect = keep as typeof pg.Pool.prototype.connect;
  return () => {
    pg.Pool.prototype.connect = connect as typeof pg.Pool.prototype.connect;
  };
}

function nameOf(query: unknown): string {
  if (typeof query === 'string') return query;
  const { name, text } = query as { name?: string; text?: string };
  // A page's statement has variants for more and fewer rows.
  return name?.replace(/\.\d+$/, '') || text || 'unknown';
}
