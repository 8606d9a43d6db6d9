/** Reads of sessions and personal access tokens that are in force. Digests never leave the database. */
import { statement, type Reader } from '../platform/db/database.js';
import type { AccountId } from './account.entity.js';
import type { SessionId } from './session.entity.js';

/** A session or personal access token as its owner sees it. */
export interface SessionRow {
  readonly id: SessionId;
  readonly kind: 'SESSION' | 'PERSONAL';
  /** What the person calls the device or program; null when they did not say. */
  readonly name: string | null;
  readonly scopes: readonly string[];
  readonly clientName: string | null;
  readonly clientAddress: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
}

const COLUMNS = `id, kind, name, scopes, client_name as "clientName", client_address as "clientAddress",
  created_at as "createdAt", last_used_at as "lastUsedAt", expires_at as "expiresAt"`;
const IN_FORCE = `account_id = $1 and kind = $2 and revoked_at is null and (expires_at is null or expires_at > $3)`;
const LIST = statement(
  'sessions.list',
  `select ${COLUMNS} from sessions where ${IN_FORCE} order by coalesce(last_used_at, created_at) desc, id desc limit 100`,
);
const BY_IDS = statement(
  'sessions.by_ids',
  `select ${COLUMNS} from sessions where ${IN_FORCE} and id = any($4::uuid[])`,
);

/** What is in force of one kind, used last first; at most 100, which is as many as there can be. */
export function listSessions(
  reader: Reader,
  accountId: AccountId,
  kind: SessionRow['kind'],
  now: Date,
): Promise<SessionRow[]> {
  return reader.rows<SessionRow>(LIST, [accountId, kind, now]);
}

/** Of one account and kind, those of these ids that are in force, in no particular order. */
export function findSessions(
  reader: Reader,
  accountId: AccountId,
  kind: SessionRow['kind'],
  now: Date,
  ids: readonly SessionId[],
): Promise<SessionRow[]> {
  return reader.rows<SessionRow>(BY_IDS, [accountId, kind, now, ids]);
}
