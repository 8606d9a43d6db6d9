// What the data belong to: the domain of every account and the server key. Fixed by the server at its first start.
import type { Connection } from './connection.js';

/** As stored with the data; null before the first start. */
export interface ServerIdentity {
  /** Host of PUBLIC_URL, with the port if it is not the usual one. */
  readonly domain: string | null;
  readonly keyFingerprint: string | null;
}

/** Reads what the data belong to. Needs the migrated schema. */
export async function readServerIdentity(connection: Connection): Promise<ServerIdentity> {
  const {
    rows: [row],
  } = await connection.query<ServerIdentity>(
    `select max(value #>> '{}') filter (where key = 'domain') as domain,
       max(value #>> '{}') filter (where key = 'key_fingerprint') as "keyFingerprint"
     from server_settings`,
  );
  return row ?? { domain: null, keyFingerprint: null };
}
