/**
 * Says to the server of a comment that it may stand below a post of ours. Some show it to nobody before they have heard so,
 * and no server can know by itself who follows whom here. @source GoToSocial interaction controls
 */
import { createHash } from 'node:crypto';
import type { ActorId } from '../actors/actor.entity.js';
import type { Services } from '../platform/context.js';
import { statement, type Reader } from '../platform/db/database.js';
import { activity } from './documents/activities.js';
import { keepAuthorization } from './quote-authorizations.queries.js';
import { inboxesOfActors } from './recipients.queries.js';
import { sendActivity } from './send-activity.js';

/** A comment of another server on a post of ours. */
export interface AnsweringComment {
  readonly uri: string;
  readonly authorUri: string;
  readonly postUri: string;
  readonly postAuthorId: ActorId;
  readonly postAuthorUri: string;
}

const FIND = statement(
  'federation.answering_comment',
  `select c.uri, author.uri as "authorUri", post.uri as "postUri", post.author_id as "postAuthorId", owner.uri as "postAuthorUri"
   from posts c join actors author on author.id = c.author_id join posts post on post.id = c.root_id
     join actors owner on owner.id = post.author_id
   where (c.uri = $1 or c.id = $2::uuid) and c.kind = 'comment' and not c.is_local and c.parent_id is null
     and c.deleted_at is null and c.hidden_through is null and post.is_local and post.deleted_at is null`,
);

/** A comment by its address or id, as long as it stands below a post of ours itself; null for all others. */
export function findAnsweringComment(
  reader: Reader,
  { uri = null, id = null }: { readonly uri?: string | null; readonly id?: string | null },
): Promise<AnsweringComment | null> {
  return reader.row<AnsweringComment>(FIND, [uri, id]);
}

/**
 * Says so, once for each time that it is asked: the comment gets a stamp that stands for as long as the comment does.
 *
 * @param request what asked for it, as the answer names it; null = the comment itself
 */
export async function approveComment(
  { database, clock, config }: Pick<Services, 'database' | 'clock' | 'config'>,
  comment: AnsweringComment,
  request: { readonly id: string } | null,
): Promise<void> {
  const { uri, authorUri, postUri, postAuthorId, postAuthorUri } = comment;
  const inboxes = await inboxesOfActors(database, [authorUri]);
  const kept = { uri: null, quotingUri: uri, quotedUri: postUri, quotedAuthorId: postAuthorId };
  const now = clock.now();
  await database.transaction(async (tx) => {
    const result = await keepAuthorization(tx, config.publicUrl.origin, now, kept);
    const once = createHash('sha256')
      .update(request?.id ?? uri)
      .digest('hex');
    const accept = activity('Accept', postAuthorUri, {
      id: `${result}#accepts/${once.slice(0, 32)}`,
      object: request ?? uri,
      target: postUri,
      result,
      to: [authorUri],
    });
    const sending = { activity: accept, actorId: postAuthorId, subjectId: null, inboxes };
    await sendActivity(tx, now, sending);
  });
}
