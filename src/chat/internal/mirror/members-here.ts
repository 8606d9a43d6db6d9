/** People of this server in a mirrored conversation. */
import type { ActorId } from '../../../actors/actor.entity.js';
import { statement, type Reader } from '../../../platform/db/database.js';
import type { ConversationId } from '../../conversation.js';

const HERE = statement(
  'mirrors.members_here',
  `select a.id from conversation_members member join actors a on a.id = member.actor_id
   where member.conversation_id = $1 and a.domain is null order by a.id`,
);

/** Those who take part. */
export async function memberIdsHere(reader: Reader, id: ConversationId): Promise<ActorId[]> {
  return (await reader.rows<{ id: ActorId }>(HERE, [id])).map((row) => row.id);
}
