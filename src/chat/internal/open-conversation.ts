/** The one conversation of the same people: found, or begun. */
import { createHash } from 'node:crypto';
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { newId } from '../../platform/ids.js';
import type { ConversationId } from '../conversation.js';

/** Who shall talk. */
export interface Opening {
  /** Whoever begins. */
  readonly creatorId: ActorId;
  /** Everybody else. */
  readonly otherIds: readonly ActorId[];
}

const INSERT = statement(
  'conversations.insert',
  `insert into conversations (id, participants_digest, is_group, created_at, updated_at)
   values ($1, $2, $3, $4, $4) on conflict (participants_digest) do nothing returning id`,
);
const FIND = statement(
  'conversations.by_participants',
  'select id from conversations where participants_digest = $1',
);
// A request is for people of here who do not follow whoever begins.
const JOIN = statement(
  'conversations.join',
  `insert into conversation_members (conversation_id, actor_id, joined_at, has_begun, position, is_request)
   select $1, a.id, $4, a.id = $3, $1, a.id <> $3 and a.domain is null and not exists (
     select from follows where follower_id = a.id and followee_id = $3 and state = 'ACCEPTED')
   from actors a where a.id = any($2::uuid[])`,
);

const BEGIN = statement(
  'conversations.begin',
  `update conversation_members set has_begun = true where conversation_id = $1 and actor_id = $2 and not has_begun`,
);

/** Finds the conversation of these people, or begins it, inside the caller's transaction. */
export async function openConversation(
  tx: Transaction,
  { creatorId, otherIds }: Opening,
  now: Date,
): Promise<ConversationId> {
  const memberIds = [...new Set([creatorId, ...otherIds])].toSorted();
  const digest = createHash('sha256').update(memberIds.join()).digest();
  const id = newId<'conversation'>(now);
  const values = [id, digest, memberIds.length > 2, now];
  if (await tx.row(INSERT, values)) {
    await tx.rows(JOIN, [id, memberIds, creatorId, now]);
    return id;
  }
  const known = (await tx.row<{ id: ConversationId }>(FIND, [digest]))!.id;
  await tx.rows(BEGIN, [known, creatorId]);
  return known;
}
