/** Devices with which somebody chats encrypted, with their public keys. */
import { extraFile, instant } from './extra-file.js';

const base64 = (column: string): string => `translate(encode(${column}, 'base64'), E'\\n', '')`;

/** The file. What was written with them only the devices themselves can read. */
export const CHAT_DEVICES_FILE = extraFile(
  'chat_devices',
  `select device.id, jsonb_build_object('name', device.name, 'platform', device.platform,
     'signatureKey', ${base64('device.signature_key')}, 'attestation', ${base64('device.attestation')},
     'attestedAt', ${instant('device.attested_at')}, 'identityVersion', device.identity_version,
     'identity', (select jsonb_build_object('key', ${base64('identity.public_key')}, 'version', identity.version,
       'since', ${instant('identity.since')}) from chat_identities identity where identity.actor_id = device.actor_id),
     'createdAt', ${instant('device.created_at')}, 'lastSeenAt', ${instant('device.last_seen_at')},
     'revokedAt', ${instant('device.revoked_at')}) as item
   from chat_devices device where device.actor_id = $1`,
);
