/**
 * A channel for each person of this server who publishes videos: PeerTube follows channels, not people, and takes videos of
 * nobody else. It has its own address and name, the key of its person, and nothing of its own to say: what its person publishes for everybody.
 */
import type { ActorId } from '../actors/actor.entity.js';
import type { ActorRow } from '../actors/actor.queries.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import { singlePage } from '../posts/page-sql.js';
import type { PostId } from '../posts/post.entity.js';
import { postListedTo } from '../posts/visibility.js';
import { findLocalActor, localActorId } from './local-actor.js';
import type { Inbox } from './recipients.queries.js';

/** What follows the name of the person; no person has a point in theirs. */
const NAME_ENDING = '.videos';
const CHANNEL = '/channel';
const VIDEO = '/video';

const HAS_VIDEOS = statement(
  'federation.has_videos',
  `select from posts where author_id = $1 and kind = 'video' limit 1`,
);
const FOLLOW = statement(
  'channel_followers.add',
  `insert into channel_followers (owner_id, follower_id, followed_at)
   select $1, $2, $3 where not exists (select from blocks where blocker_id = $1 and blocked_id = $2)
   on conflict (owner_id, follower_id) do update set followed_at = channel_followers.followed_at returning owner_id`,
);
const UNFOLLOW = statement(
  'channel_followers.remove',
  'delete from channel_followers where owner_id = $1 and follower_id = $2 returning owner_id',
);
const COUNT = statement(
  'channel_followers.count',
  'select count(*)::int as count from channel_followers where owner_id = $1',
);
const INBOXES = statement(
  'channel_followers.inboxes',
  `select distinct coalesce(r.shared_inbox_url, r.inbox_url) as "inboxUrl", r.host
   from channel_followers f join remote_actors r on r.actor_id = f.follower_id
     join actors a on a.id = f.follower_id and a.status <> 'SUSPENDED'
   where f.owner_id = $1 and not exists (select from blocks where blocker_id = $1 and blocked_id = f.follower_id)`,
);
const VIDEOS = singlePage('federation.channel_videos', {
  select: `select p.id, p.uri, p.published_at as "publishedAt" from posts p join actors author on author.id = p.author_id
    where p.author_id = $3::uuid and p.kind = 'video' and p.visibility = 'PUBLIC' and p.deleted_at is null
      and ${postListedTo('p', 'null::uuid', { authorStatus: 'author.status' })}`,
  key: 'p.id',
});

/** A video that a channel shows. */
export interface ChannelVideo {
  readonly id: PostId;
  readonly uri: string;
  readonly publishedAt: Date;
}

/** Identity of the channel of somebody. */
export function channelUri(actorUri: string): string {
  return `${actorUri}${CHANNEL}`;
}

/** What the channel of somebody is called. */
export function channelName({ username }: Pick<ActorRow, 'username'>): string {
  return `${username}${NAME_ENDING}`;
}

/** The person behind the name of a channel; null for other names. */
export function ownerNameOf(name: string): string | null {
  return name.endsWith(NAME_ENDING) ? name.slice(0, -NAME_ENDING.length) : null;
}

/** Identity of a post as a `Video`. */
export function videoUri(postUri: string): string {
  return `${postUri}${VIDEO}`;
}

/** Identity of the post that a `Video` of ours is; every other address stays as it is. */
export function postUriOf(uri: string): string {
  return uri.endsWith(VIDEO) ? uri.slice(0, -VIDEO.length) : uri;
}

/** Whose channel it is that stands at an address of ours; null where none does. */
export async function findChannelOwner(
  reader: Reader,
  origin: string,
  uri: string | null,
): Promise<ActorRow | null> {
  if (!uri?.endsWith(CHANNEL)) return null;
  const id = localActorId(origin, uri.slice(0, -CHANNEL.length));
  const actor = id && (await findLocalActor(reader, id));
  return actor && (await hasChannel(reader, actor)) ? actor : null;
}

/** Whoever wants to know each follower has none. */
export async function hasChannel(
  reader: Reader,
  { id, isLocked }: Pick<ActorRow, 'id' | 'isLocked'>,
): Promise<boolean> {
  return !isLocked && (await reader.row(HAS_VIDEOS, [id])) !== null;
}

/** Adds a follower of a channel; false for whom its person has blocked. */
export async function addChannelFollower(
  tx: Transaction,
  ownerId: ActorId,
  followerId: ActorId,
  now: Date,
): Promise<boolean> {
  return (await tx.row(FOLLOW, [ownerId, followerId, now])) !== null;
}

/** Ends the following of a channel; false for who did not follow it. */
export async function removeChannelFollower(
  tx: Transaction,
  ownerId: ActorId,
  followerId: ActorId,
): Promise<boolean> {
  return (await tx.row(UNFOLLOW, [ownerId, followerId])) !== null;
}

/** How many follow a channel. */
export async function countChannelFollowers(reader: Reader, ownerId: ActorId): Promise<number> {
  return (await reader.row<{ count: number }>(COUNT, [ownerId]))?.count ?? 0;
}

/** The servers on which somebody follows a channel. */
export function inboxesOfChannel(reader: Reader, ownerId: ActorId): Promise<Inbox[]> {
  return reader.rows<Inbox>(INBOXES, [ownerId]);
}

/** A page of the videos of a channel, newest first. */
export async function findChannelVideos(
  reader: Reader,
  ownerId: ActorId,
  request: PageRequest,
): Promise<Page<ChannelVideo>> {
  return toPage(request, await reader.rows<ChannelVideo>(...VIDEOS(request, [ownerId])));
}
