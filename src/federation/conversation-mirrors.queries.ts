/** How far the servers of other people have been told of the encrypted conversations of this one. */
import type { ConversationId } from '../chat/conversation.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import type { Inbox } from './recipients.queries.js';

/** A server that is told of a conversation. */
export interface ConversationMirror {
  readonly host: string;
  /** Of what lies behind this place it has not been told. */
  readonly toldSequence: number;
  /** Those of its people who take part; nobody = it is told that, and nothing more. */
  readonly members: readonly string[];
}

const LOCK = statement(
  'conversations.lock_to_tell',
  `select id from conversations where id = $1 and encryption = 'MLS' and hub_origin is null
   and not exists (select from draft_conversations draft where draft.conversation_id = conversations.id) for update`,
);
// A server begins at the place at which its first device came in.
const MEET = statement(
  'conversation_mirrors.meet',
  `insert into conversation_mirrors (conversation_id, host, told_sequence)
   select stay.conversation_id, server.host, min(stay.joined_sequence) - 1 from conversation_devices stay
     join remote_actors server on server.actor_id = stay.actor_id
   where stay.conversation_id = $1 and stay.left_sequence is null
     and exists (select from conversation_members member where member.conversation_id = $1 and member.actor_id = stay.actor_id)
   group by stay.conversation_id, server.host on conflict do nothing`,
);
const ALL = statement(
  'conversation_mirrors.all',
  `select mirror.host, mirror.told_sequence as "toldSequence", coalesce((select array_agg(a.uri order by a.id)
     from conversation_members member join remote_actors server on server.actor_id = member.actor_id
       join actors a on a.id = member.actor_id
     where member.conversation_id = mirror.conversation_id and server.host = mirror.host), '{}') as members
   from conversation_mirrors mirror where mirror.conversation_id = $1 order by mirror.host`,
);
const TOLD = statement(
  'conversation_mirrors.told',
  'update conversation_mirrors set told_sequence = $3 where conversation_id = $1 and host = $2',
);
const FORGET = statement(
  'conversation_mirrors.forget',
  'delete from conversation_mirrors where conversation_id = $1 and host = $2',
);
// One inbox for the server; a server that has none is told at that of the first of its people.
const INBOX = statement(
  'recipients.of_host',
  `select coalesce(shared_inbox_url, inbox_url) as "inboxUrl", host from remote_actors where host = $1
   order by shared_inbox_url is null, actor_id limit 1`,
);

/** Locks a conversation of this server, and has every server that takes part; nobody for a conversation of another one. */
export async function lockMirrors(
  tx: Transaction,
  id: ConversationId,
): Promise<ConversationMirror[]> {
  if (!(await tx.row(LOCK, [id]))) return [];
  await tx.rows(MEET, [id]);
  return tx.rows<ConversationMirror>(ALL, [id]);
}

/** Keeps how far a server has been told. */
export async function keepTold(
  tx: Transaction,
  id: ConversationId,
  { host }: ConversationMirror,
  sequence: number,
): Promise<void> {
  await tx.rows(TOLD, [id, host, sequence]);
}

/** Tells a server nothing more. */
export async function forgetMirror(
  tx: Transaction,
  id: ConversationId,
  { host }: ConversationMirror,
): Promise<void> {
  await tx.rows(FORGET, [id, host]);
}

/** Where a server is told; null for one that is not known any more. */
export function inboxOfHost(reader: Reader, host: string): Promise<Inbox | null> {
  return reader.row<Inbox>(INBOX, [host]);
}
