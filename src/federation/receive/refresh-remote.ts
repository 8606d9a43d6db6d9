/** What another server says now of a post or an actor that is known here: changed, counted, or gone. */
import { removeRemoteActor } from '../../actors/remove-remote-actor.js';
import { addSeconds } from '../../platform/clock.js';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import { eraseOne } from '../../posts/erase-author.js';
import type { PostId } from '../../posts/post.entity.js';
import { fetchDocument } from '../internal/fetch-document.js';
import { fetchNote } from '../internal/fetch-note.js';
import { findHandle } from '../internal/find-handle.js';
import { countOf } from '../internal/read-properties.js';
import type { RemotePostFacts } from '../remote-posts.js';
import { fetchActor, findRemoteActor, isAbsence, type RemoteActor } from '../resolve-actor.js';
import { keepPost } from './keep-note.js';

/** What came just now is not asked for again. */
const FRESH_SECONDS = 10 * 60;
const GONE = new Set([404, 410]);
const ADDRESSES = statement(
  'remote_actors.collections',
  `select a.username, a.domain, r.followers_uri as followers, r.following_uri as following, r.outbox_uri as posts
   from remote_actors r join actors a on a.id = r.actor_id where r.actor_id = $1`,
);
const COUNTED = statement(
  'remote_actors.counted',
  `insert into actor_counts (actor_id, remote_followers, remote_following, remote_posts) values ($1, $2, $3, $4)
   on conflict (actor_id) do update set remote_followers = excluded.remote_followers,
     remote_following = excluded.remote_following, remote_posts = excluded.remote_posts`,
);

interface Addresses {
  readonly username: string;
  readonly domain: string;
  readonly followers: string | null;
  readonly following: string | null;
  readonly posts: string | null;
}

/** Asks for a post again; true when it is still there. One for everybody that its server has no more is erased. */
export async function refreshPost(
  context: JobContext,
  postId: PostId,
  post: RemotePostFacts,
): Promise<boolean> {
  if (post.fetchedAt && isFresh(context, post.fetchedAt)) return true;
  try {
    const { note, author } = await fetchNote(context, post.uri);
    if (author.uri === post.authorUri) await keepPost(context, { note, author, isNews: false });
    return true;
  } catch (error) {
    if (!isAbsence(error)) throw error;
    if (!isGone(error) || !post.isForEverybody) return true;
  }
  const author = await findRemoteActor(context.database, post.authorUri);
  // A server that has nothing at all any more says nothing about this post.
  if (!author || !(await isThere(context, author.uri))) return true;
  await eraseOne(context, author.actorId, postId);
  return false;
}

/** Asks for an actor again, and how many there are of what; true when it is still there. */
export async function refreshActor(context: JobContext, actor: RemoteActor): Promise<boolean> {
  const { database, clock } = context;
  try {
    if (!isFresh(context, actor.fetchedAt)) await fetchActor(context, actor.uri);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    const handle = (await database.row<Addresses>(ADDRESSES, [actor.actorId]))!;
    if (!(await isActorGone(context, handle, error))) return true;
    await database.transaction((tx) => removeRemoteActor(tx, actor.actorId, clock.now()));
    return false;
  }
  const addresses = (await database.row<Addresses>(ADDRESSES, [actor.actorId]))!;
  const counts: number[] = [];
  for (const uri of [addresses.followers, addresses.following, addresses.posts])
    counts.push(await totalOf(context, uri));
  await database.transaction((tx) => tx.rows(COUNTED, [actor.actorId, ...counts]));
  return true;
}

/** 410 says so; 404 is believed when the handle is gone as well. */
async function isActorGone(
  context: JobContext,
  { username, domain }: Addresses,
  error: unknown,
): Promise<boolean> {
  if (!isGone(error)) return false;
  if (error.status === 410) return true;
  try {
    await findHandle(context, username, domain);
    return false;
  } catch (second) {
    if (!isAbsence(second)) throw second;
    return isGone(second);
  }
}

async function isThere(context: JobContext, uri: string): Promise<boolean> {
  try {
    await fetchDocument(context, uri);
    return true;
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return false;
  }
}

async function totalOf(context: JobContext, uri: string | null): Promise<number> {
  if (uri === null) return 0;
  try {
    return countOf(await fetchDocument(context, uri)) ?? 0;
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return 0;
  }
}

function isFresh({ clock }: JobContext, fetchedAt: Date): boolean {
  return fetchedAt > addSeconds(clock.now(), -FRESH_SECONDS);
}

function isGone(error: unknown): error is OutsideUnavailable {
  return error instanceof OutsideUnavailable && error.status !== null && GONE.has(error.status);
}
