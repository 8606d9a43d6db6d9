/** Tells the author of a remote post or comment that somebody here reacted, or took it back. */
import type { ActorId } from '../../actors/actor.entity.js';
import { findActors } from '../../actors/actor.queries.js';
import { statement, type Reader } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';
import { LIKE } from '../../posts/reaction-content.js';
import { emojiTags } from '../documents/emoji-document.js';
import { activity, undo, type Activity } from '../documents/activities.js';
import { inboxesOfActors } from '../recipients.queries.js';
import { sendActivity } from '../send-activity.js';
import { standingActivity } from '../sent-activities.queries.js';
import { emojisUsedIn } from '../used-emojis.queries.js';

interface Reacted {
  readonly subjectId: PostId | CommentId;
  readonly actorId: ActorId;
}

const SUBJECT = statement(
  'federation.reacted',
  `select p.uri, author.uri as "authorUri", r.id as "reactionId", r.content
   from posts p join actors author on author.id = p.author_id
     left join reactions r on r.post_id = p.id and r.actor_id = $2
   where p.id = $1 and not p.is_local`,
);

interface SubjectRow {
  readonly uri: string;
  readonly authorUri: string;
  readonly reactionId: string | null;
  readonly content: string | null;
}

/** Brings what was told in line with what is: takes back what stands no more, and tells what is new. */
export const federateReaction = defineJob<Reacted>(
  'federateReaction',
  async (context, { subjectId, actorId }) => {
    const { database, clock } = context;
    const subject = await database.row<SubjectRow>(SUBJECT, [subjectId, actorId]);
    const [actor] = await findActors(database, [actorId]);
    if (!subject || !actor || actor.domain !== null) return;
    const emojis = await emojisUsedIn(database, subject.content);
    const wanted = reactionOf(actor.uri, subject, emojiTags(context, emojis));
    const told = await toldReaction(database, actorId, subjectId, actor.uri);
    if (wanted?.id === told?.id) return;
    const inboxes = await inboxesOfActors(database, [subject.authorUri]);
    await database.transaction(async (tx) => {
      const sending = { actorId, subjectId, inboxes };
      if (told) await sendActivity(tx, clock.now(), { ...sending, activity: undo(told) });
      if (wanted) await sendActivity(tx, clock.now(), { ...sending, activity: wanted });
    });
  },
  { queueOf: ({ subjectId, actorId }) => `${subjectId}:${actorId}` },
);

function reactionOf(
  actorUri: string,
  subject: SubjectRow,
  tag: readonly object[],
): Activity | null {
  const { reactionId, content, uri, authorUri } = subject;
  if (reactionId === null || content === null) return null;
  const parts = { id: `${actorUri}/reactions/${reactionId}`, object: uri, to: [authorUri] };
  return content === LIKE
    ? activity('Like', actorUri, parts)
    : activity('EmojiReact', actorUri, { ...parts, content, ...(tag.length > 0 && { tag }) });
}

function toldReaction(
  reader: Reader,
  actorId: ActorId,
  subjectId: string,
  actorUri: string,
): Promise<Activity | null> {
  return standingActivity(reader, actorId, subjectId, `${actorUri}/reactions/`);
}
