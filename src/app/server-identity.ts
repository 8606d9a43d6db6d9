/**
 * What must not change under existing data: the domain, which every identity carries, and the server
 * key, under which secrets are sealed. Both are fixed at the first start.
 */
import { statement, type Database } from '../platform/db/database.js';

/** The data belong to another domain or were sealed under another key. */
export class IdentityMismatch extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'IdentityMismatch';
  }
}

const FIX = statement(
  'server_settings.fix',
  `insert into server_settings (key, value) values ($1, to_jsonb($2::text))
   on conflict (key) do update set key = excluded.key
   returning value #>> '{}' as value`,
);

/**
 * Remembers domain and key at the first start and compares at every later one.
 *
 * @throws {IdentityMismatch} with the remedy, when either differs
 */
export async function fixIdentity(
  database: Database,
  domain: string,
  keyFingerprint: string,
): Promise<void> {
  const fixedDomain = await fix(database, 'domain', domain);
  if (fixedDomain !== domain) {
    throw new IdentityMismatch(
      `These data belong to ${fixedDomain}, but PUBLIC_URL (without it, PORT) says ${domain}. Handles and follows carry the domain ` +
        `and cannot be renamed: start with PUBLIC_URL=http://${fixedDomain} (or https), whatever PORT is, or with an ` +
        `empty DATA_DIR or database.`,
    );
  }
  if ((await fix(database, 'key_fingerprint', keyFingerprint)) !== keyFingerprint) {
    throw new IdentityMismatch(
      'Secrets in this database were sealed under another server key. Restore the key file of DATA_DIR, ' +
        'or TRIPTYCH_SERVER_KEY, from the backup that belongs to this database.',
    );
  }
}

async function fix(database: Database, key: string, value: string): Promise<string> {
  const row = await database.row<{ value: string }>(FIX, [key, value]);
  return row?.value ?? value;
}
