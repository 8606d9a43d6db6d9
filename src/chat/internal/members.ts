/** People of encrypted conversations, who come and go. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { ConversationId, ConversationRole } from '../conversation.js';
import { POSITION_OF_NEWCOMERS } from './list-position.js';

/** Who comes in. */
export interface Joining {
  readonly id: ConversationId;
  readonly actorIds: readonly ActorId[];
  /** Whoever lets them in; if among them, they begin it. */
  readonly adderId: ActorId;
  /** Of everybody but the one who begins it, who is an admin. */
  readonly role: ConversationRole;
  /** What comes after it is for them. */
  readonly sequence: number;
  readonly now: Date;
}

// A request is for people who do not follow whoever lets them in.
const JOIN = statement(
  'conversation_members.join_encrypted',
  `insert into conversation_members (conversation_id, actor_id, joined_at, has_begun, position, is_request, role, joined_sequence)
   select $1, a.id, $4, a.id = $3, ${POSITION_OF_NEWCOMERS}, a.id <> $3 and not exists (
     select from follows where follower_id = a.id and followee_id = $3 and state = 'ACCEPTED'),
     case when a.id = $3 then 'ADMIN' else $5 end, $6
   from actors a where a.id = any($2::uuid[]) on conflict (conversation_id, actor_id) do nothing`,
);
const LEAVE = statement(
  'conversation_members.leave_encrypted',
  'delete from conversation_members where conversation_id = $1 and actor_id = any($2::uuid[])',
);
// Where no admin is left, whoever came first is one.
const INHERIT = statement(
  'conversation_members.inherit',
  `update conversation_members set role = 'ADMIN' where (conversation_id, actor_id) = (
     select conversation_id, actor_id from conversation_members where conversation_id = $1 order by joined_at, actor_id limit 1)
   and not exists (select from conversation_members where conversation_id = $1 and role = 'ADMIN')`,
);
// Of two of whom one is gone, nobody finds the other one again: the two may begin anew.
const FREE = statement(
  'conversations.free_pair',
  'update conversations set participants_digest = null where id = $1 and not is_group',
);
const MEMBERS = statement(
  'conversation_members.ids',
  'select actor_id as id from conversation_members where conversation_id = $1',
);

/** Lets people in; who is in stays as they are. */
export async function joinMembers(tx: Transaction, joining: Joining): Promise<void> {
  const { id, actorIds, adderId, role, sequence, now } = joining;
  if (actorIds.length > 0) await tx.rows(JOIN, [id, actorIds, adderId, now, role, sequence]);
}

/** Takes people out. */
export async function leaveMembers(
  tx: Transaction,
  id: ConversationId,
  actorIds: readonly ActorId[],
): Promise<void> {
  if (actorIds.length === 0) return;
  await tx.rows(LEAVE, [id, actorIds]);
  await tx.rows(INHERIT, [id]);
  await freePair(tx, id);
}

/** Lets two of whom one is gone begin anew; a group stays as it is. */
export async function freePair(tx: Transaction, id: ConversationId): Promise<void> {
  await tx.rows(FREE, [id]);
}

/** Everybody who takes part. */
export async function memberIdsOf(tx: Transaction, id: ConversationId): Promise<Set<ActorId>> {
  const rows = await tx.rows<{ id: ActorId }>(MEMBERS, [id]);
  return new Set(rows.map((row) => row.id));
}
