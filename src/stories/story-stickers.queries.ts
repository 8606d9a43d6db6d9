/** Reads of stickers and votes, of stories that the viewer is known to see. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { batchedPage } from '../posts/page-sql.js';
import { blockedBetween, isShown } from '../posts/visibility.js';
import type { Sticker } from './sticker.js';
import type { StoryId } from './story.entity.js';

/** A sticker as the API shows it. */
export interface StickerRow extends Sticker {
  readonly storyId: StoryId;
  /** Author of the story. */
  readonly authorId: ActorId;
  readonly index: number;
  /** Option that the viewer chose; null = none. */
  readonly viewerVote: number | null;
  /** Votes per option; null unless it is a poll, and the viewer voted or made it. */
  readonly results: readonly number[] | null;
}

/** Somebody who voted. */
export interface Voter {
  /** Key of the sticker, see `stickerKey`. */
  readonly ownerId: string;
  readonly id: string;
  readonly actorId: ActorId;
  readonly since: Date;
}

const OF_STORIES = statement(
  'stories.stickers',
  `select t.story_id as "storyId", s.author_id as "authorId", t.position as index, t.kind, t.x, t.y, t.rotation, t.label, t.options,
     t.url, t.actor_id as "actorId", t.place_id as "placeId", t.ends_at as "endsAt", mine.option_index as "viewerVote",
     case when t.kind = 'POLL' and (s.author_id = $2::uuid or mine.option_index is not null) then array(
       select (select count(*)::int from story_votes v where v.story_id = t.story_id and v.position = t.position and v.option_index = o.number)
       from generate_series(0, cardinality(t.options) - 1) as o(number) order by o.number) end as results
   from story_stickers t join stories s on s.id = t.story_id
   left join story_votes mine on mine.story_id = t.story_id and mine.position = t.position and mine.actor_id = $2::uuid
   where t.story_id = any($1::uuid[]) order by t.story_id, t.position`,
);

const VOTERS = batchedPage(
  'stories.voters',
  {
    select: `select v.id, v.actor_id as "actorId", v.created_at as since
      from story_votes v join stories s on s.id = v.story_id join actors a on a.id = v.actor_id
      where v.story_id = owner.id and v.position = owner.position and s.author_id = $4::uuid
        and v.option_index = $5::smallint and ${isShown('a.status')} and not ${blockedBetween('v.actor_id', '$4::uuid')}`,
    key: 'v.id',
  },
  `select split_part(key, ' ', 1)::uuid as id, split_part(key, ' ', 2)::smallint as position, key
   from unnest($1::text[]) as listed(key)`,
);

/** Names a sticker among all. */
export function stickerKey({ storyId, index }: Pick<StickerRow, 'storyId' | 'index'>): string {
  return `${storyId} ${index}`;
}

/** Stickers of several stories, story by story in order. */
export function findStickers(
  reader: Reader,
  storyIds: readonly StoryId[],
  viewerId: ActorId | null,
): Promise<StickerRow[]> {
  return reader.rows<StickerRow>(OF_STORIES, [storyIds, viewerId]);
}

/** A page of those who chose an option of each of several polls of the viewer, the latest first. */
export function findVoters(
  reader: Reader,
  keys: readonly string[],
  optionIndex: number,
  request: PageRequest,
  authorId: ActorId,
): Promise<Voter[]> {
  return reader.rows<Voter>(...VOTERS(keys, request, [authorId, optionIndex]));
}
