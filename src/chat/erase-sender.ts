/** What is left of the messages of somebody who is gone: nothing. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';

const BATCH = 500;

const ERASE = statement(
  'chat_messages.erase',
  `delete from chat_messages where id in (select id from chat_messages where sender_id = $1 order by id limit ${BATCH}) returning 1`,
);

/** Deletes up to 500 messages of an actor. @returns how many there were; 0 = it is done */
export async function eraseSomeMessages(
  { database }: Pick<Services, 'database'>,
  actorId: ActorId,
): Promise<number> {
  return (await database.rows(ERASE, [actorId])).length;
}
