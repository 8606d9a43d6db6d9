/** Bringing what passes to other servers at once: what does not arrive at this moment never does. */
import { randomUUID } from 'node:crypto';
import type { ActorId } from '../../actors/actor.entity.js';
import type { CommandContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { conversationUriOf, type ConversationId } from '../conversation.js';

/** What passes. */
export interface PassingSignal {
  readonly conversationId: ConversationId;
  readonly senderId: ActorId;
  /** Of the device that says it. */
  readonly signatureKey: Buffer;
  readonly payload: Buffer;
}

type RelayServices = Pick<CommandContext, 'database' | 'config' | 'clock' | 'peers' | 'log'>;

interface Hearing {
  readonly inboxUrl: string;
  readonly to: readonly string[];
}

const TIMEOUT_MS = 5_000;
const MOST_ANSWER_BYTES = 16 * 1024;

/** Servers of one conversation that are told what passes. */
const MOST_SERVERS = 50;

// Whoever is known to be down is not waited for. Nothing passes to whoever has not accepted yet.
const HEARING = statement(
  'conversations.hearing_servers',
  `select min(coalesce(server.shared_inbox_url, server.inbox_url)) as "inboxUrl", array_agg(distinct a.uri) as "to"
   from conversation_devices device
     join conversation_members member on member.conversation_id = device.conversation_id and member.actor_id = device.actor_id
     join actors a on a.id = device.actor_id join remote_actors server on server.actor_id = a.id
   where device.conversation_id = $1 and device.left_sequence is null and not member.is_request
     and a.domain_severity <> 'SUSPEND'
     and not exists (select from unreachable_hosts down where down.host = server.host
       and (down.next_attempt_at > $2 or down.parked_at is not null))
   group by server.host order by server.host limit ${MOST_SERVERS}`,
);
const SENDER = statement('actors.uri_of', 'select uri from actors where id = $1');

/** Tells the servers of those who take part; nobody waits for them. */
export async function relaySignal(services: RelayServices, signal: PassingSignal): Promise<void> {
  const { database, clock } = services;
  const values = [signal.conversationId, clock.now()];
  const servers = await database.rows<Hearing>(HEARING, values);
  if (servers.length === 0) return;
  const sender = (await database.row<{ uri: string }>(SENDER, [signal.senderId]))!;
  for (const server of servers)
    void tell(services, server, signal, sender.uri).catch((error: unknown) => {
      services.log.debug({ err: error, inboxUrl: server.inboxUrl }, 'a signal did not arrive');
    });
}

async function tell(
  { config, peers }: RelayServices,
  { inboxUrl, to }: Hearing,
  { conversationId, signatureKey, payload }: PassingSignal,
  senderUri: string,
): Promise<void> {
  const uri = conversationUriOf(config, conversationId);
  const body = {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: `${uri}#signals/${randomUUID()}`,
    type: 'tri:Signal',
    actor: uri,
    to,
    conversation: uri,
    payload: payload.toString('base64'),
    sender: { actor: senderUri, signatureKey: signatureKey.toString('base64') },
  };
  await peers.ask({
    method: 'POST',
    url: inboxUrl,
    as: null,
    body: Buffer.from(JSON.stringify(body)),
    maxBytes: MOST_ANSWER_BYTES,
    timeoutMs: TIMEOUT_MS,
  });
}
