/** Reads of reposts: who reposted a post, and what somebody reposted. */
import type { ActorId } from '../actors/actor.entity.js';
import type { PageRequest } from '../platform/db/page.js';
import type { Reader } from '../platform/db/database.js';
import { notFiltered } from './filtered.js';
import { batchedPage } from './page-sql.js';
import type { RepostId } from './post.entity.js';
import { selectedVisibleTo, selectPosts, type PostRow } from './post.queries.js';
import { blockedBetween, isShown } from './visibility.js';

/** Somebody who reposted. */
export interface ReposterRow {
  readonly ownerId: string;
  /** Of the repost: the place in the list. */
  readonly id: RepostId;
  readonly actorId: ActorId;
  readonly since: Date;
}

/** A post in the list of what somebody reposted. */
export interface RepostedPostRow extends PostRow {
  readonly ownerId: string;
  readonly repostId: RepostId;
}

const REPOSTERS = batchedPage('reposts.reposters', {
  select: `select r.id, r.actor_id as "actorId", r.created_at as since
    from reposts r join actors a on a.id = r.actor_id
    where r.post_id = owner.id and ${isShown('a.status')} and not ${blockedBetween('r.actor_id', '$4::uuid')}`,
  key: 'r.id',
});

const OF_ACTORS = batchedPage('reposts.of_actors', {
  select: `${selectPosts('$4::uuid', 'reposts r join posts p on p.id = r.post_id join actors reposter on reposter.id = r.actor_id', ['r.id as "repostId"'])}
    where r.actor_id = owner.id and ${isShown('reposter.status')} and not ${blockedBetween('r.actor_id', '$4::uuid')}
      and ${selectedVisibleTo('$4::uuid')} and ${notFiltered('p', { viewer: '$4::uuid', now: '$5::timestamptz' }, 'PROFILE')}`,
  key: 'r.id',
});

/** A page of those who reposted each of several posts, newest first, without people whom the viewer may not see. */
export function findReposters(
  reader: Reader,
  postIds: readonly string[],
  request: PageRequest,
  viewerId: ActorId | null,
): Promise<ReposterRow[]> {
  return reader.rows<ReposterRow>(...REPOSTERS(postIds, request, [viewerId]));
}

/** A page of what each of several actors reposted and the viewer sees, the newest repost first. */
export function findRepostsOfActors(
  reader: Reader,
  actorIds: readonly string[],
  request: PageRequest,
  viewerId: ActorId | null,
  now: Date,
): Promise<RepostedPostRow[]> {
  return reader.rows<RepostedPostRow>(...OF_ACTORS(actorIds, request, [viewerId, now]));
}
