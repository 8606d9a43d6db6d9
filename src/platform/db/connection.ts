// One connection outside of any pool, for tools that work on the database itself.
import pg from 'pg';

/** An open connection; disposing it closes it. */
export type Connection = pg.Client & AsyncDisposable;

const CONNECT_TIMEOUT_MS = 5_000;

/** Opens a connection, under the name that it has in `pg_stat_activity`. @throws if the database can't be reached within 5 s */
export async function connect(url: string, name = 'triptych-cli'): Promise<Connection> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // Without a listener, a connection that breaks while nobody asks would end the process; the next query tells.
  client.on('error', () => {});
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/** Whether anything was ever made in the public schema. */
export async function isEmptyDatabase(connection: Connection): Promise<boolean> {
  const { rowCount } = await connection.query(
    "select from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S') limit 1",
  );
  return rowCount === 0;
}

/** Names of the migrations that this database has had, oldest first; makes nothing. */
export async function appliedMigrations(connection: Connection): Promise<string[]> {
  const {
    rows: [found],
  } = await connection.query<{ exists: boolean }>(
    "select to_regclass('public.mikro_orm_migrations') is not null as exists",
  );
  if (!found?.exists) return [];
  const { rows } = await connection.query<{ name: string }>(
    'select name from public.mikro_orm_migrations order by id',
  );
  return rows.map(({ name }) => name);
}
