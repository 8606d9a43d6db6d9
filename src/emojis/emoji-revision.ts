/** One mark for all custom emoji, so that a kept list knows whether it is still true. */
import { randomUUID } from 'node:crypto';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';

const READ = statement(
  'emojis.revision',
  `select value #>> '{}' as revision from server_settings where key = 'emoji-revision'`,
);
const MARK = statement(
  'emojis.mark',
  `insert into server_settings (key, value) values ('emoji-revision', to_jsonb($1::text))
   on conflict (key) do update set value = excluded.value, updated_at = now()`,
);

/** Another value after every change; null before the first. */
export async function readEmojiRevision(reader: Reader): Promise<string | null> {
  return (await reader.row<{ revision: string }>(READ))?.revision ?? null;
}

/** Marks a change of the same transaction; from here to its end other changes wait. */
export async function markEmojisChanged(tx: Transaction): Promise<void> {
  await tx.rows(MARK, [randomUUID()]);
}
