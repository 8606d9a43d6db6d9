/** Tells those who follow the channel of somebody what becomes of a video. */
import type { JobContext } from '../platform/context.js';
import { statement, type Reader } from '../platform/db/database.js';
import { PUBLIC } from '../platform/activity-streams.js';
import { activity, type Activity } from './documents/activities.js';
import { announceVideo, videoOf } from './documents/video-document.js';
import type { FederatedPost } from './federated-post.queries.js';
import { eachOnce, type Inbox } from './recipients.queries.js';
import { sendActivity } from './send-activity.js';
import { channelUri, hasChannel, inboxesOfChannel, videoUri } from './video-channels.js';

/** What happened to it. */
export type VideoNews = 'CREATED' | 'UPDATED' | 'GONE' | 'BACK';

const SHOWN_TO = statement(
  'recipients.shown_video',
  `select distinct d.inbox_url as "inboxUrl", d.host from sent_activities s join deliveries d on d.activity_id = s.id
   where s.subject_id = $1 and starts_with(s.uri, $2)`,
);

/** Only what is for everybody is shown: what is taken away is taken from whoever was shown it. */
export async function tellChannel(
  context: JobContext,
  post: FederatedPost,
  news: VideoNews,
): Promise<void> {
  if (post.kind !== 'video' || post.visibility !== 'PUBLIC') return;
  const inboxes = await inboxesOf(context.database, post, news);
  const told = inboxes.length === 0 ? null : activityOf(context, post, news);
  if (!told) return;
  const sending = { activity: told, actorId: post.authorId, subjectId: post.id, inboxes };
  await context.database.transaction((tx) => sendActivity(tx, context.clock.now(), sending));
}

function activityOf(context: JobContext, post: FederatedPost, news: VideoNews): Activity | null {
  const now = context.clock.now().getTime();
  const id = videoUri(post.uri);
  // Accounts own what is in their channel, so they change it and take it away.
  const own = { to: [PUBLIC], cc: [] };
  if (news === 'GONE') {
    const object = { id, type: 'Tombstone' };
    return activity('Delete', post.authorUri, { id: `${id}#delete/${now}`, ...own, object });
  }
  const object = videoOf(context, post);
  if (!object) return null;
  if (news === 'UPDATED')
    return activity('Update', post.authorUri, { id: `${id}#updates/${now}`, ...own, object });
  return announceVideo(post.authorUri, post, news === 'BACK' ? now : null);
}

async function inboxesOf(
  reader: Reader,
  { id, authorId, authorUri, authorIsLocked }: FederatedPost,
  news: VideoNews,
): Promise<Inbox[]> {
  const shown = `${channelUri(authorUri)}/videos/${id}`;
  const earlier = news === 'CREATED' ? [] : await reader.rows<Inbox>(SHOWN_TO, [id, shown]);
  if (news === 'GONE') return earlier;
  const isOpen = await hasChannel(reader, { id: authorId, isLocked: authorIsLocked });
  return eachOnce(isOpen ? await inboxesOfChannel(reader, authorId) : [], earlier);
}
