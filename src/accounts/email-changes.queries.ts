/** Changes of e-mail addresses: asked for, applied, taken back. */
import { statement, type Reader } from '../platform/db/database.js';
import type { AccountId } from './account.entity.js';

/** One change. */
export interface EmailChangeRow {
  readonly id: string;
  readonly accountId: AccountId;
  readonly fromEmail: string;
  readonly toEmail: string;
  /** Null while it was not taken back. */
  readonly undoneAt: Date | null;
}

const BY_ID = statement(
  'email_changes.by_id',
  `select id, account_id as "accountId", from_email as "fromEmail", to_email as "toEmail", undone_at as "undoneAt"
   from email_changes where id = $1`,
);

/** A change by id; null when there is none. */
export function findEmailChange(reader: Reader, id: string): Promise<EmailChangeRow | null> {
  return reader.row<EmailChangeRow>(BY_ID, [id]);
}
