/** The door for activities: from a signed request to a row that will be dealt with, whatever happens next. */
import { newId } from '../platform/ids.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { gatheredFor } from '../platform/gathered.js';
import {
  activitiesReceived,
  deliveriesDue,
  followersDiffered,
  type ReceivedActivityId,
} from './federation.events.js';
import {
  digestHere,
  readSynchronization,
  SYNCHRONIZATION_HEADER,
  type Synchronization,
} from './followers-digest.js';
import { acceptFromHub, isOfHub, type HubServices } from './accept-from-hub.js';
import { checkActivity, type CheckedActivity } from './internal/check-activity.js';
import { isOddActivity } from './internal/json-ld/is-odd.js';
import { normaliser } from './internal/json-ld/normaliser.js';
import { slicesOf } from './delivery-slices.js';
import { forgiveHosts } from './internal/unreachable-hosts.js';
import type { FetchServices } from './internal/fetch-document.js';
import type { SignedRequest } from './internal/http-signature.js';
import { readDocument } from './internal/read-document.js';
import { idOf } from './internal/read-properties.js';
import { RefusedServer, requireLetIn } from './internal/refused-server.js';
import type { SenderMemory } from './internal/sender-memory.js';
import { provenActor } from './internal/verify-proof.js';
import { verifySender } from './internal/verify-sender.js';
import { findRemoteActor, type RemoteActor } from './resolve-actor.js';

// Of two of the same identity the first one stays; what is there already is not told.
const ADD = statement(
  'received_activities.add',
  `insert into received_activities (id, actor_uri, activity_uri, body, received_at)
   select id, "actorUri", "activityUri", body, $2
   from jsonb_to_recordset($1::jsonb) as r(id uuid, "actorUri" text, "activityUri" text, body jsonb)
   on conflict (actor_uri, activity_uri) do nothing returning id`,
);
// The id of a Follow names the pair on some servers: whoever follows again after an Undo repeats it.
const AGAIN = statement(
  'received_activities.again',
  `update received_activities set body = $3::jsonb, received_at = $4, handled_at = null, refusal = null,
     is_apart = false
   where actor_uri = $1 and activity_uri = $2 and body->>'type' = 'Follow' and handled_at is not null returning id`,
);

interface AddedRow {
  readonly id: ReceivedActivityId;
}

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
  if (usual) await requireLetIn(services.database, usual.actorUri);
  if (usual && (await isEndOfStranger(services, usual))) return;
  const sender = await verifySender(services, memory, request);
  if (sender.isBarred) throw new RefusedServer();
  memory.countHost(sender.host);
  memory.countKept(sender.host, request.body.byteLength);
  if (!usual) memory.countOdd(sender.host);
  // Only who has proven who they are makes us think about what they mean.
  const activity = usual ?? checkActivity(await normaliser.normalise(received));
  if (!usual) await requireLetIn(services.database, activity.actorUri);
  const actor = await provenActor(services, memory, { ...activity, body: received }, sender);
  if (actor.isBarred) throw new RefusedServer();
  const kept = { ...activity, senderHost: sender.host };
  const said = readSynchronization(request.headers[SYNCHRONIZATION_HEADER], sender);
  await keep(services, kept);
  if (said) await services.database.transaction((tx) => compare(tx, sender, said));
}

/** Servers tell everybody of each actor that they delete; its key is gone, and we never knew it. */
async function isEndOfStranger(
  { database }: FetchServices,
  { type, actorUri, body }: CheckedActivity,
): Promise<boolean> {
  if (type !== 'Delete' || idOf(body['object']) !== actorUri) return false;
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

interface Kept extends CheckedActivity {
  /** Of whoever brought it. */
  readonly senderHost: string;
}

/** What comes at the same time is kept in one transaction, and answered after its commit. */
const keep = gatheredFor(async ({ database, clock }: FetchServices, all: readonly Kept[]) => {
  const now = clock.now();
  await database.transaction(async (tx) => {
    if (await add(tx, all, now)) await tx.append(activitiesReceived, {});
    // Whoever sends is up again: what waits for them need not wait longer.
    const hosts = new Set(all.map(({ senderHost }) => senderHost));
    const reached = await forgiveHosts(tx, [...hosts], now);
    if (reached.length > 0) await tx.append(deliveriesDue, { slices: slicesOf(reached) });
  });
  return all.map(() => null);
});

/** Whether anything is new. */
async function add(tx: Transaction, all: readonly Kept[], now: Date): Promise<boolean> {
  const rows = all.map(({ id: activityUri, actorUri, body }) => {
    return { id: newId<'received'>(now), actorUri, activityUri, body };
  });
  const added = await tx.rows<AddedRow>(ADD, [JSON.stringify(rows), now]);
  if (added.length === all.length) return true;
  const isNew = new Set(added.map(({ id }) => id));
  const again = rows.filter(({ id, body }) => !isNew.has(id) && body['type'] === 'Follow');
  let isAny = added.length > 0;
  for (const { actorUri, activityUri, body } of again)
    isAny =
      (await tx.row(AGAIN, [actorUri, activityUri, JSON.stringify(body), now])) !== null || isAny;
  return isAny;
}
