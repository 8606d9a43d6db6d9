/** Who takes part in a mirrored conversation. */
import type { ActorId } from '../../../actors/actor.entity.js';
import { statement, type Transaction } from '../../../platform/db/database.js';
import type { ConversationRole } from '../../conversation.js';
import { POSITION_OF_NEWCOMERS } from '../list-position.js';
import { freePair } from '../members.js';
import type { Mirror } from './mirror.js';
import type { Knowledge } from './placing.js';
import type { NamedMember } from './read-entry.js';

/** Somebody who comes in. */
export interface Newcomers {
  readonly actorIds: readonly ActorId[];
  /** Whoever lets them in, and stands for who began it; null = nobody here can say. */
  readonly adderId: ActorId | null;
  /** It is certain that they have let them in; else everybody of here is asked. */
  readonly isVouched: boolean;
  readonly now: Date;
}

// A request is for people of here who do not follow whoever has let them in for certain.
const JOIN = statement(
  'conversation_members.join_mirror',
  `insert into conversation_members (conversation_id, actor_id, joined_at, has_begun, position, is_request, role, joined_sequence)
   select $1, a.id, $4, a.id is not distinct from $3, ${POSITION_OF_NEWCOMERS}, a.domain is null and a.id is distinct from $3 and not exists (
     select from follows where $6 and follower_id = a.id and followee_id = $3 and state = 'ACCEPTED'), 'MEMBER', $5
   from actors a where a.id = any($2::uuid[]) on conflict (conversation_id, actor_id) do nothing`,
);
const ROLES = statement(
  'conversation_members.set_roles',
  `update conversation_members member set role = named.role
   from unnest($2::uuid[], $3::text[]) as named(id, role)
   where member.conversation_id = $1 and member.actor_id = named.id and member.role <> named.role`,
);
const LEAVE = statement(
  'conversation_members.leave_mirror',
  'delete from conversation_members where conversation_id = $1 and actor_id <> all($2::uuid[]) returning actor_id',
);

/** Lets people in; who is in stays as they are. */
export async function joinMirror(
  tx: Transaction,
  { id, lastSequence }: Mirror,
  { actorIds, adderId, isVouched, now }: Newcomers,
): Promise<void> {
  if (actorIds.length > 0)
    await tx.rows(JOIN, [id, actorIds, adderId, now, lastSequence, isVouched]);
}

/** Takes the list of a hub as it is, but that people of here come in by a Welcome for one of their devices alone. */
export async function setMembers(
  tx: Transaction,
  mirror: Mirror,
  members: readonly NamedMember[],
  { people, now }: Pick<Knowledge, 'people' | 'now'>,
): Promise<void> {
  const roles = new Map<ActorId, ConversationRole>();
  const strangers: ActorId[] = [];
  for (const { actorUri, role } of members) {
    const person = people.get(actorUri);
    if (!person || person.isDeleted) continue;
    roles.set(person.id, role);
    if (!person.isLocal) strangers.push(person.id);
  }
  await joinMirror(tx, mirror, { actorIds: strangers, adderId: null, isVouched: false, now });
  const gone = await tx.rows(LEAVE, [mirror.id, [...roles.keys()]]);
  if (gone.length > 0) await freePair(tx, mirror.id);
  await tx.rows(ROLES, [mirror.id, [...roles.keys()], [...roles.values()]]);
}
