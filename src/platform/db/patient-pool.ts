/**
 * The pool as graphile-worker gets it. What became of a job is written down by nobody who could catch a failure: where
 * PostgreSQL is gone at that moment, the failure would end the process. It is tried again only after few codes, so what
 * passes by itself gets one of these.
 */
import { DatabaseError, type Pool, type PoolClient, type QueryConfig } from 'pg';

/** `cannot_connect_now`: graphile-worker comes back after three seconds, and ever more. */
const TRY_AGAIN = '57P03';

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
  // Whoever comes so late belongs to a process that ends: whoever runs next sees that the job is not done.
  if (pool.ending) return await new Promise(() => {});
  const client = await patiently(pool.connect());
  const query = (text: string | QueryConfig, values?: unknown[]): Promise<unknown> =>
    patiently(client.query(text, values));
  return new Proxy(client, {
    get: (target, key) => (key === 'query' ? query : (Reflect.get(target, key) as unknown)),
  });
}

async function patiently<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DatabaseError && !PASSING.test(error.code ?? '')) throw error;
    throw Object.assign(new Error(String(error), { cause: error }), { code: TRY_AGAIN });
  }
}
