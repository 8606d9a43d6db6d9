/**
 * The pool as graphile-worker gets it. What became of a job is written down by nobody who could catch a failure: where
 * PostgreSQL is gone at that moment, the failure would end the process. It is tried again only after few codes, so what
 * passes by itself gets one of these.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseError, type Pool, type PoolClient, type QueryConfig } from 'pg';

/**
 * `serialization_failure`: graphile-worker comes back at once. After codes of lost connections it would pause for ever longer,
 * and stand still for a minute when PostgreSQL is back.
 */
const TRY_AGAIN = '40001';

/** Between two looks whether there is a connection, in ms. */
const PAUSE_MS = 1_000;

/** Classes of what PostgreSQL says when it is not itself at the moment: connection, resources, state, operator, system. */
const PASSING = /^(?:08|53|55|57|58)/;

type Callback = Parameters<Pool['connect']>[0];

/** The same pool; its failures that pass are ones that graphile-worker tries again after. */
export function patientPool(pool: Pool): Pool {
  const connect = (callback?: Callback): Promise<PoolClient> | void =>
    callback ? pool.connect(callback) : patientClient(pool);
  return new Proxy(pool, {
    get: (target, key) => (key === 'connect' ? connect : (Reflect.get(target, key) as unknown)),
  });
}

async function patientClient(pool: Pool): Promise<PoolClient> {
  const client = await admitted(pool);
  const query = (text: string | QueryConfig, values?: unknown[]): Promise<unknown> =>
    patiently(client.query(text, values));
  return new Proxy(client, {
    get: (target, key) => (key === 'query' ? query : (Reflect.get(target, key) as unknown)),
  });
}

/** A connection, as soon as there is one: attempts that fail are not counted by anybody, however long it takes. */
async function admitted(pool: Pool): Promise<PoolClient> {
  for (;;) {
    // Whoever comes so late belongs to a process that ends: whoever runs next sees that the job is not done.
    if (pool.ending) return new Promise(() => {});
    try {
      return await pool.connect();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await delay(PAUSE_MS);
    }
  }
}

async function patiently<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (!isPassing(error)) throw error;
    throw Object.assign(new Error(String(error), { cause: error }), { code: TRY_AGAIN });
  }
}

function isPassing(error: unknown): boolean {
  return !(error instanceof DatabaseError) || PASSING.test(error.code ?? '');
}
