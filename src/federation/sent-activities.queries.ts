/** What was sent about something and still holds: what is taken back is embedded in its Undo. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { Activity } from './documents/activities.js';

const STANDING = statement(
  'sent_activities.standing',
  `select s.body from sent_activities s
   where s.actor_id = $1 and s.subject_id = $2 and starts_with(s.uri, $3) and right(s.uri, 5) <> '/undo'
     and not exists (select from sent_activities u where u.uri = s.uri || '/undo')
   order by s.position desc limit 1`,
);

/** The last activity of an actor about a subject, whose id begins so, that was not taken back; null = none. */
export async function standingActivity(
  reader: Reader,
  actorId: ActorId,
  subjectId: string,
  idPrefix: string,
): Promise<Activity | null> {
  const row = await reader.row<{ body: string }>(STANDING, [actorId, subjectId, idPrefix]);
  return row && (JSON.parse(row.body) as Activity);
}
