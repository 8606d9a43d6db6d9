/** Who of the connected hears of a story: its author, and followers who may see it and do not mute the author. */
import type { Onlooker } from '../platform/realtime/live-source.js';
import { statement, type Reader } from '../platform/db/database.js';
import { storyAddressedTo } from './story-visibility.js';
import type { StoryFact } from './stories.events.js';

// Asked of the fact and not of the row: of a story that is gone they shall hear, too.
const HEARERS = statement(
  'stories.hearers',
  `select onlooker.id from unnest($2::uuid[]) onlooker (id)
   join (select $1::uuid as author_id, $3::text as visibility) s on true
   where (onlooker.id = s.author_id or exists (select from follows where follower_id = onlooker.id
       and followee_id = s.author_id and state = 'ACCEPTED')
     and not exists (select from mutes where muter_id = onlooker.id and muted_id = s.author_id
       and (expires_at is null or expires_at > $4)))
     and ${storyAddressedTo('s', 'onlooker.id', '$5::uuid')}`,
);

/** Tells of each onlooker; one statement. */
export async function findStoryHearers(
  reader: Reader,
  { storyId, authorId, visibility }: StoryFact,
  onlookers: readonly Onlooker[],
  now: Date,
): Promise<(onlooker: Onlooker) => boolean> {
  const rows = await reader.rows<{ id: Onlooker }>(HEARERS, [
    authorId,
    onlookers,
    visibility,
    now,
    storyId,
  ]);
  const hearers = new Set(rows.map(({ id }) => id));
  return (onlooker) => hearers.has(onlooker);
}
