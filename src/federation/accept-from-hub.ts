/** The door for what conversations of other servers send: signed by any key of the server whose conversation it is. */
import { isMirrored, isOfConversation, receiveFromHub } from '../chat/receive-from-hub.js';
import type { Services } from '../platform/context.js';
import { originOf } from './addresses.js';
import { checkActivity } from './internal/check-activity.js';
import type { FetchServices } from './internal/fetch-document.js';
import { BadSignature, type SignedRequest } from './internal/http-signature.js';
import type { JsonObject } from './internal/read-document.js';
import { idOf } from './internal/read-properties.js';
import { RefusedServer, requireLetIn } from './internal/refused-server.js';
import type { SenderMemory } from './internal/sender-memory.js';
import { verifySender } from './internal/verify-sender.js';

/** What accepting takes. */
export type HubServices = FetchServices & Pick<Services, 'rateLimiter'>;

/** Whether it is of a conversation, or about the end of one that is mirrored here. */
export async function isOfHub(
  { database }: Pick<HubServices, 'database'>,
  received: JsonObject,
): Promise<boolean> {
  if (isOfConversation(received)) return true;
  const actorUri = idOf(received['actor']);
  const isEnd = received['type'] === 'Delete' && idOf(received['object']) === actorUri;
  return isEnd && actorUri !== null && isMirrored(database, actorUri);
}

/**
 * Takes it at once.
 *
 * @throws {MalformedDocument} for what is no activity
 * @throws {RefusedServer} for what comes from a suspended server
 * @throws {BadSignature} for what the conversation's own server has not sent
 * @throws {TooMany} for what is more than is looked at
 * @throws {TooBusy} while too many keys are being asked for
 */
export async function acceptFromHub(
  services: HubServices,
  memory: SenderMemory,
  request: SignedRequest & { readonly body: Uint8Array },
  received: JsonObject,
): Promise<void> {
  const { actorUri } = checkActivity(received);
  await requireLetIn(services.database, actorUri);
  const sender = await verifySender(services, memory, request);
  if (sender.isBarred) throw new RefusedServer();
  memory.countHost(sender.host);
  memory.countKept(sender.host, request.body.byteLength);
  if (originOf(sender.uri) !== originOf(actorUri))
    throw new BadSignature('The conversation is of another server.');
  await receiveFromHub(services, received);
}
