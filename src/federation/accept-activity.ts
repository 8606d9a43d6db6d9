/** The door for activities: from a signed request to a row that will be dealt with, whatever happens next. */
import type { Transaction } from '../platform/db/database.js';
import { followersDiffered } from './federation.events.js';
import {
  digestHere,
  readSynchronization,
  SYNCHRONIZATION_HEADER,
  type Synchronization,
} from './followers-digest.js';
import { acceptFromHub, isOfHub, type HubServices } from './accept-from-hub.js';
import { checkActivity, type CheckedActivity } from './internal/check-activity.js';
import { keepActivity } from './internal/keep-activities.js';
import { isOddActivity } from './internal/json-ld/is-odd.js';
import { normaliser } from './internal/json-ld/normaliser.js';
import type { FetchServices } from './internal/fetch-document.js';
import type { SignedRequest } from './internal/http-signature.js';
import { readDocument } from './internal/read-document.js';
import { idOf } from './internal/read-properties.js';
import { RefusedServer, requireLetIn } from './internal/refused-server.js';
import type { SenderMemory } from './internal/sender-memory.js';
import { provenActor } from './internal/verify-proof.js';
import { verifySender } from './internal/verify-sender.js';
import { findRemoteActor, type RemoteActor } from './resolve-actor.js';

/**
 * Keeps an activity that its own actor has sent or proven; one that is there already changes nothing.
 *
 * Opens its own transaction.
 *
 * @throws {MalformedDocument} for what is no activity
 * @throws {RefusedServer} for what comes from a suspended server
 * @throws {BadSignature} for what its actor has neither sent nor proven
 * @throws {TooMany} for what is more than is looked at
 * @throws {TooBusy} while too many keys are being asked for
 */
export async function acceptActivity(
  services: HubServices,
  memory: SenderMemory,
  request: SignedRequest & { readonly body: Uint8Array },
): Promise<void> {
  const received = readDocument(request.body);
  if (await isOfHub(services, received)) return acceptFromHub(services, memory, request, received);
  const usual = isOddActivity(received) ? null : checkActivity(received);
  if (usual && (await isEndOfStranger(services, usual))) return;
  const sender = await verifySender(services, memory, request, usual?.actorUri);
  if (sender.isBarred) throw new RefusedServer();
  memory.countHost(sender.host);
  memory.countKept(sender.host, request.body.byteLength);
  if (!usual) memory.countOdd(sender.host);
  // Only who has proven who they are makes us think about what they mean.
  const activity = usual ?? checkActivity(await normaliser.normalise(received));
  if (!usual) await requireLetIn(services.database, activity.actorUri);
  const actor = await provenActor(services, memory, { ...activity, body: received }, sender);
  if (actor.isBarred) throw new RefusedServer();
  const said = readSynchronization(request.headers[SYNCHRONIZATION_HEADER], sender);
  await keepActivity(services, { ...activity, senderHost: sender.host });
  if (said) await services.database.transaction((tx) => compare(tx, sender, said));
}

/** Servers tell everybody of each actor that they delete; its key is gone, and we never knew it. */
async function isEndOfStranger(
  { database }: FetchServices,
  { type, actorUri, body }: CheckedActivity,
): Promise<boolean> {
  if (type !== 'Delete' || idOf(body['object']) !== actorUri) return false;
  await requireLetIn(database, actorUri);
  return (await findRemoteActor(database, actorUri)) === null;
}

/** Who follows the sender here is looked at again when its server knows others. */
async function compare(
  tx: Transaction,
  { actorId }: RemoteActor,
  { url, digest }: Synchronization,
): Promise<void> {
  if ((await digestHere(tx, actorId)) !== digest)
    await tx.append(followersDiffered, { actorId, url });
}
