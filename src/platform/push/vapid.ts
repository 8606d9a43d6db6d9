/** The keys by which push services know this server. Made when first asked for; the private one is stored sealed. */
import webPush from 'web-push';
import type { Services } from '../context.js';
import { statement } from '../db/database.js';

/** A key pair, each as base64url. */
export interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

const SEALING_CONTEXT = 'server_settings.vapid';

const READ = statement('vapid.read', `select value from server_settings where key = 'vapid'`);
const STORE = statement(
  'vapid.store',
  `insert into server_settings (key, value, updated_at) values ('vapid', $1::jsonb, $2) on conflict (key) do nothing`,
);

type Needed = Pick<Services, 'database' | 'sealer' | 'clock'>;

/** The keys of this server; of two processes that make them at once, both get those of the first. */
export async function vapidKeys(services: Needed): Promise<VapidKeys> {
  return (await readKeys(services)) ?? (await makeKeys(services));
}

async function readKeys({ database, sealer }: Needed): Promise<VapidKeys | null> {
  const row = await database.row<{ value: { publicKey: string; sealed: string } }>(READ);
  if (!row) return null;
  const privateKey = Buffer.from(sealer.unseal(row.value.sealed, SEALING_CONTEXT)).toString();
  return { publicKey: row.value.publicKey, privateKey };
}

async function makeKeys(services: Needed): Promise<VapidKeys> {
  const { database, sealer, clock } = services;
  const { publicKey, privateKey } = webPush.generateVAPIDKeys();
  const sealed = sealer.seal(Buffer.from(privateKey), SEALING_CONTEXT);
  await database.rows(STORE, [JSON.stringify({ publicKey, sealed }), clock.now()]);
  const stored = await readKeys(services);
  if (!stored) throw new Error('The keys that were stored just now are gone');
  return stored;
}
