/** The posts of a profile, newest first. Mutes do not matter here: who opens a profile wants to see it. */
import type { ActorId } from '../actors/actor.entity.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import { statement, type Reader } from '../platform/db/database.js';
import { firstIdAt } from '../platform/ids.js';
import { foldHashtag } from './content/hashtag.js';
import { notFiltered } from './filtered.js';
import { batchedPage, singlePage } from './page-sql.js';
import type { PostKind } from './post.entity.js';
import { selectedVisibleTo, selectPosts, type PostRow } from './post.queries.js';
import { postVisibleTo } from './visibility.js';

/** Choices; null or absent = everything. */
export interface ProfileChoice {
  readonly kinds?: readonly PostKind[] | null;
  /** In any spelling, with or without #. */
  readonly hashtag?: string | null;
  /** Published then or later. */
  readonly since?: Date | null;
  /** Published before. */
  readonly until?: Date | null;
  readonly pinnedOnly?: boolean;
}

const POSTS = batchedPage('profiles.posts', {
  select: `${selectPosts('$4::uuid')}
    where p.author_id = owner.id and p.kind <> 'comment' and ${selectedVisibleTo('$4::uuid')}
      and ($5::text[] is null or p.kind = any($5::text[])) and p.id >= $6::uuid and p.id < $7::uuid
      and ($8::text is null or exists (
        select from post_hashtags use join hashtags h on h.id = use.hashtag_id where use.post_id = p.id and h.name = $8::text))
      and ($9::boolean is not true or p.pinned_at is not null)
      and ${notFiltered('p', { viewer: '$4::uuid', now: '$10::timestamptz' }, 'PROFILE')}`,
  key: 'p.id',
});

/** A page of posts of each of several authors. */
export function findPostsOfAuthors(
  reader: Reader,
  authorIds: readonly string[],
  choice: ProfileChoice,
  request: PageRequest,
  viewerId: ActorId | null,
  now: Date,
): Promise<(PostRow & { ownerId: string })[]> {
  const since = choice.since ? firstIdAt(choice.since) : '00000000-0000-0000-0000-000000000000';
  const until = choice.until ? firstIdAt(choice.until) : 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  // A text that can be no hashtag is one that nobody used.
  const hashtag = choice.hashtag == null ? null : (foldHashtag(choice.hashtag) ?? '');
  return reader.rows(
    ...POSTS(authorIds, request, [
      viewerId,
      choice.kinds ?? null,
      since,
      until,
      hashtag,
      choice.pinnedOnly ?? false,
      now,
    ]),
  );
}

const PINNED = statement(
  'profiles.pinned',
  `select page.*, owner.id as "ownerId" from unnest($1::uuid[]) as owner(id) cross join lateral (
     ${selectPosts('$2::uuid')} where p.author_id = owner.id and p.pinned_at is not null and p.deleted_at is null
       and ${selectedVisibleTo('$2::uuid')} and ${notFiltered('p', { viewer: '$2::uuid', now: '$3::timestamptz' }, 'PROFILE')}
       order by p.pinned_at desc, p.id desc) page`,
);

/** The pinned posts of each of several authors that the viewer sees, the last pinned first. */
export function findPinnedPosts(
  reader: Reader,
  authorIds: readonly string[],
  viewerId: ActorId | null,
  now: Date,
): Promise<(PostRow & { ownerId: string })[]> {
  return reader.rows(PINNED, [authorIds, viewerId, now]);
}

const ARCHIVED = singlePage('profiles.archived', {
  select: `${selectPosts('$3::uuid')} where p.author_id = $3::uuid and p.archived_at is not null
    and p.deleted_at is null and ${postVisibleTo('p', '$3::uuid', { authorStatus: 'author.status' })}`,
  key: 'p.id',
});

/** A page of what somebody put away of their own posts, the newest post first. */
export async function findArchivedPosts(
  reader: Reader,
  authorId: ActorId,
  request: PageRequest,
): Promise<Page<PostRow>> {
  return toPage(request, await reader.rows<PostRow>(...ARCHIVED(request, [authorId])));
}
