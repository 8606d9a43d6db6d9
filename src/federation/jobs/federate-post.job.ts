/** Tells other servers of a post or comment: that it is there, has changed, or is gone. */
import { createHash } from 'node:crypto';
import type { ActorId } from '../../actors/actor.entity.js';
import type { JobContext } from '../../platform/context.js';
import type { Reader } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';
import { activity, type Activity } from '../documents/activities.js';
import { addresseesOf, noteOf, tombstone } from '../documents/note-document.js';
import { createActivity } from '../documents/said.js';
import { findFederatedPost, type FederatedPost } from '../federated-post.queries.js';
import {
  eachOnce,
  inboxesOfActors,
  inboxesOfEarlier,
  inboxesOfFollowers,
  inboxesOfLeaving,
  inboxesOfSeeing,
  type Inbox,
} from '../recipients.queries.js';
import { proveActivity } from '../prove-activity.js';
import { tellChannel } from '../tell-channel.js';
import { toldAlone } from '../told-alone.js';
import { resolveAwaited, resolveMentions } from '../resolve-mentions.js';
import { callOff, forgetSent, sendActivity } from '../send-activity.js';

/** What happened to it; APPROVED = the server of the video that it stands below waits for it, with its approval. */
export type PostNews = 'CREATED' | 'UPDATED' | 'GONE' | 'BACK' | 'APPROVED';

/** Reads the present state: what is deleted meanwhile is not published, and what is back is. */
export const federatePost = defineJob<{ subjectId: PostId | CommentId; news: PostNews }>(
  'federatePost',
  async (context, { subjectId, news }) => {
    const found = await findFederatedPost(context.database, subjectId);
    if (!found || found.visibility === 'LOCAL') return;
    // Whom it is for has to be known before it leaves.
    const isChanged = news !== 'GONE' && (await resolveRecipients(context, found));
    const post = isChanged ? await findFederatedPost(context.database, subjectId) : found;
    if (!post) return;
    const isGone = post.isDeleted || post.isArchived;
    if (isGone !== (news === 'GONE')) return;
    if (news !== 'APPROVED') await tellChannel(context, post, news);
    const now = context.clock.now();
    const inboxes = await inboxesOf(context, post, news);
    if (news === 'UPDATED') await takeFromOthers(context, post, inboxes);
    if (inboxes.length === 0) return;
    const told = await proveActivity(context, post.authorId, activityOf(context, post, news));
    const alone = await toldAlone(context.database, post, told);
    const theirs = new Set(alone.map(({ inbox }) => inbox.inboxUrl));
    const sending = { actorId: post.authorId, subjectId };
    await context.database.transaction(async (tx) => {
      if (isGone) await forgetSent(tx, subjectId);
      for (const one of alone)
        await sendActivity(tx, now, { ...sending, activity: one.activity, inboxes: [one.inbox] });
      const others = inboxes.filter(({ inboxUrl }) => !theirs.has(inboxUrl));
      await sendActivity(tx, now, { ...sending, activity: told, inboxes: others });
    });
  },
  { asksOutside: true, queueOf: ({ subjectId }) => subjectId },
);

/**
 * An edit that names somebody no longer takes the post or comment from them, as it does here: where nobody sees it any
 * more it is deleted. A server that has others who do keeps it, and is told the change.
 */
async function takeFromOthers(
  context: JobContext,
  post: FederatedPost,
  inboxes: readonly Inbox[],
): Promise<void> {
  if (isForAll(post)) return;
  const staying = inboxes.map(({ host }) => host);
  const leaving = await inboxesOfLeaving(context.database, post, staying);
  if (leaving.length === 0) return;
  const id = `${post.uri}#delete/${digestOf([context.jobId, 'leaving'])}`;
  const gone = activity('Delete', post.authorUri, { id, object: tombstone(post) });
  const sending = { actorId: post.authorId, subjectId: post.id, inboxes: leaving };
  await context.database.transaction(async (tx) => {
    const hosts = leaving.map(({ host }) => host);
    await callOff(tx, post.id, hosts);
    await sendActivity(tx, context.clock.now(), { ...sending, activity: gone });
  });
}

async function resolveRecipients(context: JobContext, post: FederatedPost): Promise<boolean> {
  const isNamed = await resolveMentions(context, post);
  return (await resolveAwaited(context, post)) || isNamed;
}

function activityOf(context: JobContext, post: FederatedPost, news: PostNews): Activity {
  const addressees = addresseesOf(post);
  const time = context.clock.now().getTime();
  if (news === 'GONE') {
    // Once more for what was archived or removed, came back, and is gone again.
    const id = `${post.uri}#delete/${post.goneAt?.getTime() ?? time}`;
    return activity('Delete', post.authorUri, { id, ...addressees, object: tombstone(post) });
  }
  if (news === 'APPROVED') return createActivity(context, post, digestOf([post.approval?.uri]));
  if (news !== 'UPDATED') return createActivity(context, post, news === 'CREATED' ? null : time);
  const object = noteOf(context, post);
  const published = (post.editedAt ?? post.publishedAt).toISOString();
  const id = `${post.uri}#updates/${versionOf(context.jobId, object)}`;
  return activity('Update', post.authorUri, { id, ...addressees, object, published });
}

/**
 * The same for the same job, so that a repeat of it sends the same activity; another one for another change, also for
 * one that goes back to what was before.
 */
function versionOf(jobId: string, object: object): string {
  return digestOf([jobId, object]);
}

function digestOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** Whoever may see it, and whoever heard of it that it is gone. */
async function inboxesOf(
  { database }: JobContext,
  post: FederatedPost,
  news: PostNews,
): Promise<Inbox[]> {
  if (news === 'GONE') return inboxesOfEarlier(database, post.id);
  if (news === 'APPROVED') return inboxesOfApprover(database, post);
  if (post.narrowedTo !== null) return inboxesOfFew(database, post);
  const named = [
    ...post.mentions.map(({ uri }) => uri),
    ...(post.visibility === 'MENTIONED' ? post.rootMentionUris : []),
    ...[post.answeredUri, post.rootAuthorUri].filter((uri) => uri !== null),
  ];
  const followed = followedOf(post);
  const [followers, actors, earlier] = await Promise.all([
    followed === null ? [] : inboxesOfFollowers(database, followed),
    inboxesOfActors(database, named),
    isForAll(post) && news !== 'CREATED' ? inboxesOfEarlier(database, post.id) : [],
  ]);
  return eachOnce(followers, actors, earlier);
}

/** PeerTube takes what is for everybody alone, and passes it on itself. */
async function inboxesOfApprover(reader: Reader, post: FederatedPost): Promise<Inbox[]> {
  const { approval, rootAuthorUri } = post;
  if (!isForAll(post) || approval?.isActivity !== true || rootAuthorUri === null) return [];
  return inboxesOfActors(reader, [rootAuthorUri]);
}

/** Of a comment for fewer people than see the post: those of them who see that and what is above the comment. */
async function inboxesOfFew(reader: Reader, post: FederatedPost): Promise<Inbox[]> {
  const { id, authorId, narrowedTo } = post;
  const named = [...post.mentions.map(({ uri }) => uri), post.answeredUri].filter(
    (uri) => uri !== null,
  );
  const [followers, actors] = await Promise.all([
    narrowedTo === 'FOLLOWERS' ? inboxesOfFollowers(reader, authorId) : [],
    inboxesOfSeeing(reader, id, named),
  ]);
  return eachOnce(followers, actors);
}

function isForAll({ visibility }: FederatedPost): boolean {
  return visibility === 'PUBLIC' || visibility === 'UNLISTED';
}

/** Whose followers see it: those of its author, but of a comment that is not for everybody those of the post's author. */
function followedOf({ visibility, authorId, rootAuthorId }: FederatedPost): ActorId | null {
  if (visibility === 'MENTIONED' || visibility === 'LOCAL') return null;
  return visibility === 'FOLLOWERS' ? (rootAuthorId ?? authorId) : authorId;
}
