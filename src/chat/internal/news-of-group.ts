/** Telling of a group: people of this server live, other servers in the order in which it happened. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { groupChanged, serversBehind } from '../chat.events.js';
import type { ConversationId } from '../conversation.js';

const LOCAL = statement(
  'actors.local_among',
  'select id from actors where id = any($1::uuid[]) and domain is null',
);

/** Those of several people who are of this server. */
export async function localAmong(
  tx: Transaction,
  actorIds: readonly ActorId[],
): Promise<Set<ActorId>> {
  const rows = await tx.rows<{ id: ActorId }>(LOCAL, [actorIds]);
  return new Set(rows.map(({ id }) => id));
}

/** Who is in a group, what is agreed in it, or the group itself is another: these people are to hear of it. */
export async function tellOfGroup(
  tx: Transaction,
  conversationId: ConversationId,
  memberIds: readonly ActorId[],
): Promise<void> {
  const local = await localAmong(tx, memberIds);
  await tx.append(groupChanged, { conversationId, memberIds: [...local] });
  if (local.size < memberIds.length)
    await tx.append(serversBehind, { conversationId, isStateNew: true });
}
