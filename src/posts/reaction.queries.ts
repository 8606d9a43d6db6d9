/** Reads of reactions: groups by emoji, and the people behind one. Nobody sees people they may not see. */
import type { ActorId } from '../actors/actor.entity.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { CommentId, PostId } from './post.entity.js';
import { hasBlocks, selectedVisibleTo, selectPosts, type PostRow } from './post.queries.js';
import { batchedPage, singlePage } from './page-sql.js';
import { LIKE } from './reaction-content.js';
import { blockedBetween, isShown } from './visibility.js';

/** All reactions to one subject with one emoji. */
export interface ReactionGroupRow {
  readonly subjectId: PostId | CommentId;
  readonly content: string;
  /** At least 1. */
  readonly count: number;
  readonly viewerHasReacted: boolean;
}

/** Somebody who reacted. */
export interface ReactorRow {
  /** The group, as `reactionGroupKey` names it. */
  readonly ownerId: string;
  /** Of the reaction: the place in the list. */
  readonly id: string;
  readonly actorId: ActorId;
  readonly since: Date;
}

/** A post that the viewer likes. */
export interface LikedRow extends PostRow {
  /** Place in the list. */
  readonly reactionId: string;
}

const LIKED = singlePage('reactions.liked', {
  select: `${selectPosts('$3::uuid', 'reactions r join posts p on p.id = r.post_id', ['r.id as "reactionId"'])}
    where r.actor_id = $3 and r.content = '${LIKE}' and p.kind <> 'comment' and ${selectedVisibleTo('$3::uuid')}`,
  key: 'r.id',
});

const GROUPS = statement(
  'reactions.groups',
  `select * from (
     select g.post_id as "subjectId", g.content,
       g.count - case when ${hasBlocks('$2::uuid')} then (
         select count(*)::int from reactions r where r.post_id = g.post_id and r.content = g.content
           and ${blockedBetween('r.actor_id', '$2::uuid')}) else 0 end as count,
       exists (select from reactions r where r.post_id = g.post_id and r.actor_id = $2::uuid and r.content = g.content)
         as "viewerHasReacted"
     from reaction_groups g where g.post_id = any($1::uuid[])
   ) shown where count > 0 order by count desc, content`,
);

const UUID_LENGTH = 36;
const REACTORS = batchedPage(
  'reactions.reactors',
  {
    select: `select r.id, r.actor_id as "actorId", r.created_at as since
      from reactions r join actors a on a.id = r.actor_id
      where r.post_id = owner.id and r.content = owner.content and ${isShown('a.status')}
        and not ${blockedBetween('r.actor_id', '$4::uuid')}`,
    key: 'r.id',
  },
  `select key, left(key, ${UUID_LENGTH})::uuid as id, substr(key, ${UUID_LENGTH + 1}) as content
   from unnest($1::text[]) as listed(key)`,
);

/** Reactions to posts and comments by emoji, the most frequent first. */
export function findReactionGroups(
  reader: Reader,
  subjectIds: readonly string[],
  viewerId: ActorId | null,
): Promise<ReactionGroupRow[]> {
  return reader.rows<ReactionGroupRow>(GROUPS, [subjectIds, viewerId]);
}

/** Names a group: one emoji of one subject. */
export function reactionGroupKey(subjectId: string, content: string): string {
  return `${subjectId}${content}`;
}

/** A page of the people of each of several groups, newest first. */
export function findReactors(
  reader: Reader,
  groupKeys: readonly string[],
  request: PageRequest,
  viewerId: ActorId | null,
): Promise<ReactorRow[]> {
  return reader.rows<ReactorRow>(...REACTORS(groupKeys, request, [viewerId]));
}

/** A page of the posts that the viewer reacted to with ❤ and still sees, the last one first. */
export async function findLikedPosts(
  reader: Reader,
  viewerId: ActorId,
  request: PageRequest,
): Promise<Page<LikedRow>> {
  return toPage(request, await reader.rows<LikedRow>(...LIKED(request, [viewerId])));
}
