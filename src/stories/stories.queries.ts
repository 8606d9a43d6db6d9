/** Reads of stories. */
import type { ActorId } from '../actors/actor.entity.js';
import type { MediaId } from '../media/media.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { StoryId, StoryVisibility } from './story.entity.js';
import { isLive, storyVisibleTo } from './story-visibility.js';

/** Most stories that one author has at a time. */
export const STORIES_PER_AUTHOR = 100;

/** A story as the API shows it. */
export interface StoryRow {
  readonly id: StoryId;
  readonly authorId: ActorId;
  readonly mediaId: MediaId;
  readonly visibility: StoryVisibility;
  /** Sanitised HTML. */
  readonly caption: string;
  readonly publishedAt: Date;
  readonly expiresAt: Date;
  readonly isKept: boolean;
  readonly allowsAnswers: boolean;
  /** Emoji of the viewer; null = none. */
  readonly viewerReaction: string | null;
  /** The viewer has seen it; always true for its author. */
  readonly isSeen: boolean;
}

/** True when the viewer has seen a story, or made it. */
export function isSeenBy(alias: string, viewer: string): string {
  return `coalesce(${alias}.author_id = ${viewer}, false)
    or exists (select from story_views where story_id = ${alias}.id and actor_id = ${viewer})`;
}

/** Columns of `StoryRow` of `stories s`, up to the conditions. */
export function selectStories(viewer: string): string {
  return `select s.id, s.author_id as "authorId", s.media_id as "mediaId", s.visibility, s.caption_html as caption,
    s.is_kept as "isKept", s.allows_answers as "allowsAnswers",
    (select content from story_reactions where story_id = s.id and actor_id = ${viewer}) as "viewerReaction",
    s.published_at as "publishedAt", s.expires_at as "expiresAt", ${isSeenBy('s', viewer)} as "isSeen" from stories s`;
}

const BY_IDS = statement(
  'stories.by_ids',
  `${selectStories('$2::uuid')} where s.id = any($1::uuid[]) and ${storyVisibleTo('s', '$2::uuid', '$3')}`,
);
const OF_AUTHORS = statement(
  'stories.of_authors',
  `${selectStories('$2::uuid')} where s.author_id = any($1::uuid[]) and ${isLive('s', '$3')}
     and ${storyVisibleTo('s', '$2::uuid', '$3')} order by s.id`,
);
const SEEN_MEDIA = statement(
  'stories.seen_media',
  `select s.media_id as "mediaId", case when s.author_id is distinct from $2::uuid and ${isLive('s', '$3')} then s.expires_at end as "linksEnd"
   from stories s where s.media_id = any($1::uuid[]) and ${storyVisibleTo('s', '$2::uuid', '$3')}`,
);

/** Stories that the viewer sees, by id, in no particular order; all others are left out. */
export function findStories(
  reader: Reader,
  ids: readonly StoryId[],
  viewerId: ActorId | null,
  now: Date,
): Promise<StoryRow[]> {
  return reader.rows<StoryRow>(BY_IDS, [ids, viewerId, now]);
}

/** Unexpired stories of several authors that the viewer sees, the oldest first. */
export function findStoriesOfAuthors(
  reader: Reader,
  authorIds: readonly ActorId[],
  viewerId: ActorId | null,
  now: Date,
): Promise<StoryRow[]> {
  return reader.rows<StoryRow>(OF_AUTHORS, [authorIds, viewerId, now]);
}

/** A picture in a story that the viewer sees. */
export interface SeenStoryMedia {
  readonly mediaId: MediaId;
  /** The end of a story of somebody else; null for own ones, and past it. */
  readonly linksEnd: Date | null;
}

/** Those of the pictures that are in a story that the viewer sees, in no particular order. */
export function findSeenStoryMedia(
  reader: Reader,
  ids: readonly MediaId[],
  viewerId: ActorId | null,
  now: Date,
): Promise<SeenStoryMedia[]> {
  return reader.rows<SeenStoryMedia>(SEEN_MEDIA, [ids, viewerId, now]);
}

const MENTIONS = statement(
  'stories.mentions',
  `select m.story_id as "storyId", m.actor_id as "actorId" from story_mentions m
   where m.story_id = any($1::uuid[]) order by m.actor_id`,
);

/** Whom several stories that the viewer is known to see mention. */
export function findStoryMentions(
  reader: Reader,
  storyIds: readonly StoryId[],
): Promise<{ storyId: StoryId; actorId: ActorId }[]> {
  return reader.rows(MENTIONS, [storyIds]);
}
