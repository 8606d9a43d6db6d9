/** Devices of people of other servers, as envelopes and commits name them. */
import {
  findNamedDevice,
  keepNamedDevice,
  mayAskForKeys,
  type NamedDevice,
} from '../devices/named-devices.js';
import { PUBLIC_KEY_BYTES } from '../platform/ed25519.js';
import { isOurs } from './addresses.js';
import type { FetchServices } from './internal/fetch-document.js';
import { showKeys } from './remote-keys.js';
import { findRemoteActor, isAbsence, resolveActor, type RemoteActor } from './resolve-actor.js';

/**
 * The device of somebody of another server that has this signature key. Their server is asked when it is not known; when
 * it does not show it either, the device is kept as one that nobody has attested and that was not shown to be theirs.
 *
 * @returns null for what can be no device: of nobody, of ours, or one too many
 */
export async function requireRemoteDevice(
  services: FetchServices,
  actorUri: string,
  signatureKey: Uint8Array,
): Promise<NamedDevice | null> {
  if (signatureKey.length !== PUBLIC_KEY_BYTES || isOurs(services.config, actorUri)) return null;
  const actor = await actorOf(services, actorUri);
  if (!actor || actor.status === 'DELETED') return null;
  const { database } = services;
  const { actorId } = actor;
  const known = await findNamedDevice(database, actorId, signatureKey);
  if (known?.isProven) return known;
  if (await mayAskForKeys(services, actorId)) await showKeys(services, actorUri);
  return (
    (await findNamedDevice(database, actorId, signatureKey)) ??
    (await keepNamedDevice(services, actorId, signatureKey))
  );
}

async function actorOf(services: FetchServices, uri: string): Promise<RemoteActor | null> {
  try {
    return (await findRemoteActor(services.database, uri)) ?? (await resolveActor(services, uri));
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return null;
  }
}
