// When the last backup was finished, so that the doctor can remind of the next one.
import type { Connection } from './connection.js';

const NAME = 'last-backup-at';

/** When the last backup of these data was finished, or null. Needs the migrated schema. */
export async function readLastBackup(connection: Connection): Promise<Date | null> {
  const {
    rows: [row],
  } = await connection.query<{ value: unknown }>(
    'select value from server_settings where key = $1',
    [NAME],
  );
  return typeof row?.value === 'string' ? new Date(row.value) : null;
}

/** Notes that a backup was finished. */
export async function writeLastBackup(connection: Connection, at: Date): Promise<void> {
  await connection.query(
    'insert into server_settings (key, value) values ($1, to_jsonb($2::text)) on conflict (key) do update set value = excluded.value, updated_at = now()',
    [NAME, at.toISOString()],
  );
}
