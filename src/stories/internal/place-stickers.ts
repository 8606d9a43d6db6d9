/** Puts stickers on a new story, and remembers whom it mentions. */
import type { ActorId } from '../../actors/actor.entity.js';
import { findPlaces } from '../../places/places.queries.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { NotFound } from '../../platform/errors.js';
import { blockedBetween, isShown } from '../../posts/visibility.js';
import type { Sticker } from '../sticker.js';
import type { StoryId } from '../story.entity.js';

const MENTIONABLE = statement(
  'stories.mentionable',
  `select a.id from actors a where a.id = any($1::uuid[]) and ${isShown('a.status')} and not ${blockedBetween('a.id', '$2::uuid')}`,
);
const PLACE = statement(
  'stories.place_stickers',
  `insert into story_stickers (story_id, position, kind, x, y, rotation, label, options, url, actor_id, place_id, ends_at)
   select $1, position, kind, x, y, rotation, label, array(select jsonb_array_elements_text(options)), url, "actorId", "placeId", "endsAt"
   from jsonb_to_recordset($2::jsonb) as t(position smallint, kind text, x real, y real, rotation real, label text,
     options jsonb, url text, "actorId" uuid, "placeId" uuid, "endsAt" timestamptz)`,
);
const MENTION = statement(
  'stories.mention',
  'insert into story_mentions (story_id, actor_id) select $1, id from unnest($2::uuid[]) as id',
);

/**
 * Stores stickers that `requireStickers` has accepted, and mentions.
 *
 * @param mentionedIds whom the caption mentions
 * @returns everybody mentioned, each once, without the author
 * @throws {NotFound} NOT_FOUND for a person who cannot be mentioned, and for an unknown place
 */
export async function placeStickers(
  tx: Transaction,
  story: { readonly id: StoryId; readonly authorId: ActorId },
  stickers: readonly Sticker[],
  mentionedIds: readonly ActorId[],
): Promise<ActorId[]> {
  await requireNamed(tx, story.authorId, stickers);
  if (stickers.length > 0) {
    const placed = stickers.map((sticker, position) => ({ ...sticker, position }));
    await tx.rows(PLACE, [story.id, JSON.stringify(placed)]);
  }
  const named = stickers.flatMap(({ actorId }) => actorId ?? []);
  const mentioned = [...new Set([...mentionedIds, ...named])].filter((id) => id !== story.authorId);
  if (mentioned.length > 0) await tx.rows(MENTION, [story.id, mentioned]);
  return mentioned;
}

async function requireNamed(
  tx: Transaction,
  authorId: ActorId,
  stickers: readonly Sticker[],
): Promise<void> {
  const actorIds = stickers.flatMap(({ actorId }) => actorId ?? []);
  const placeIds = stickers.flatMap(({ placeId }) => placeId ?? []);
  const actors = actorIds.length
    ? await tx.rows<{ id: ActorId }>(MENTIONABLE, [actorIds, authorId])
    : [];
  const places = placeIds.length ? await findPlaces(tx, placeIds) : [];
  const known = new Set<string>([...actors, ...places].map(({ id }) => id));
  stickers.forEach(({ actorId, placeId }, index) => {
    const path = ['stickers', String(index), 'content'];
    if (actorId !== null && !known.has(actorId)) throw new NotFound([...path, 'mentionedActorId']);
    if (placeId !== null && !known.has(placeId)) throw new NotFound([...path, 'placeId']);
  });
}
