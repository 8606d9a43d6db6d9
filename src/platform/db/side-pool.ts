/** A few connections beside the pool of requests, for what is asked while a request holds one of those. */
import pg from 'pg';

/** Opens nothing before it is asked; disposing it closes its connections. */
export function openSidePool(
  url: string,
  { name, size }: { readonly name: string; readonly size: number },
): pg.Pool & AsyncDisposable {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    max: size,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 5_000,
  });
  // A connection that breaks while nobody uses it leaves the pool by itself.
  pool.on('error', () => {});
  return Object.assign(pool, { [Symbol.asyncDispose]: () => pool.end() });
}
