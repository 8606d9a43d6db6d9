/** The door for activities: from a signed request to a row that will be dealt with, whatever happens next. */
import { newId } from '../platform/ids.js';
import { statement } from '../platform/db/database.js';
import { activityReceived, type ReceivedActivityId } from './federation.events.js';
import { checkActivity } from './internal/check-activity.js';
import type { FetchServices } from './internal/fetch-document.js';
import { BadSignature, type SignedRequest } from './internal/http-signature.js';
import { readDocument } from './internal/read-document.js';
import { verifySender, type SenderMemory } from './internal/verify-sender.js';

const ADD = statement(
  'received_activities.add',
  `insert into received_activities (id, actor_uri, activity_uri, body, received_at) values ($1, $2, $3, $4::jsonb, $5)
   on conflict (actor_uri, activity_uri) do nothing returning id`,
);

/**
 * Keeps an activity that its own actor has signed; one that is there already changes nothing.
 *
 * Opens its own transaction.
 *
 * @throws {MalformedDocument} for what is no activity
 * @throws {BadSignature} for what its actor has not signed
 */
export async function acceptActivity(
  services: FetchServices,
  memory: SenderMemory,
  request: SignedRequest & { readonly body: Uint8Array },
): Promise<void> {
  const activity = checkActivity(readDocument(request.body));
  const sender = await verifySender(services, memory, request);
  if (sender.uri !== activity.actorUri)
    throw new BadSignature('The activity is signed by somebody else than its actor.');
  const receivedId: ReceivedActivityId = newId(services.clock.now());
  await services.database.transaction(async (tx) => {
    const added = await tx.row(ADD, [
      receivedId,
      activity.actorUri,
      activity.id,
      JSON.stringify(activity.body),
      services.clock.now(),
    ]);
    if (added) await tx.append(activityReceived, { receivedId });
  });
}
