/** Reads of custom emoji with their pictures. All of it is public. */
import type { MediaId } from '../media/media.entity.js';
import type { MediaRow } from '../media/media-row.js';
import { findMedia } from '../media/media.queries.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import type { EmojiId, EmojiName } from './emoji.js';

/** A custom emoji. */
export interface EmojiRow extends EmojiName {
  readonly id: EmojiId;
  /** Null when it is in none. */
  readonly category: string | null;
  readonly aliases: readonly string[];
  readonly mediaId: MediaId;
  /** Stands among those to pick from. */
  readonly isListed: boolean;
  readonly isEnabled: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** An emoji and what it looks like; one without a picture is shown nowhere. */
export interface DrawnEmoji extends EmojiRow {
  readonly picture: MediaRow;
}

const COLUMNS = `e.id, e.shortcode, null as domain, e.category, e.aliases, e.media_id as "mediaId", e.is_listed as "isListed",
  e.is_enabled as "isEnabled", e.created_at as "createdAt", e.updated_at as "updatedAt"`;
const OF_OTHERS = `e.id, e.shortcode, e.domain, null as category, '{}'::text[] as aliases, e.media_id as "mediaId",
  false as "isListed", true as "isEnabled", e.created_at as "createdAt", e.updated_at as "updatedAt"`;
const BY_IDS = statement(
  'emojis.by_ids',
  `select ${COLUMNS} from emojis e where e.id = any($1::uuid[])
   union all select ${OF_OTHERS} from remote_emojis e where e.id = any($1::uuid[])`,
);
const BY_NAMES = statement(
  'emojis.by_names',
  `select ${COLUMNS} from emojis e where e.shortcode = any($1::text[])
   union all select ${OF_OTHERS} from unnest($2::text[], $3::text[]) as named(shortcode, domain)
     join remote_emojis e on e.domain = named.domain and e.shortcode = named.shortcode`,
);
const FORWARD = statement(
  'emojis.forward',
  `select ${COLUMNS} from emojis e where $1::text is null or e.shortcode > $1 order by e.shortcode limit $2`,
);
const BACKWARD = statement(
  'emojis.backward',
  `select ${COLUMNS} from emojis e where $1::text is null or e.shortcode < $1 order by e.shortcode desc limit $2`,
);
const TO_PICK = statement(
  'emojis.to_pick',
  `select ${COLUMNS} from emojis e where e.is_listed and e.is_enabled
   order by e.category collate "C" nulls last, e.shortcode`,
);

/** Emoji by id, in no particular order. */
export async function findEmojis(reader: Reader, ids: readonly EmojiId[]): Promise<DrawnEmoji[]> {
  return withPictures(reader, await reader.rows<EmojiRow>(BY_IDS, [ids]));
}

/** Emoji by name, of this server and of others, disabled ones too, in no particular order. */
export async function findEmojisByName(
  reader: Reader,
  names: readonly EmojiName[],
): Promise<DrawnEmoji[]> {
  const own = names.filter(({ domain }) => domain === null);
  const others = names.filter(({ domain }) => domain !== null);
  const rows = await reader.rows<EmojiRow>(BY_NAMES, [
    own.map(({ shortcode }) => shortcode),
    others.map(({ shortcode }) => shortcode),
    others.map(({ domain }) => domain),
  ]);
  return withPictures(reader, rows);
}

/** A page of all emoji by shortcode; one more than the page shows. */
export async function listEmojis(reader: Reader, request: PageRequest): Promise<DrawnEmoji[]> {
  const list = request.isBackward ? BACKWARD : FORWARD;
  const values = [request.from?.[0] ?? null, request.size + 1];
  return withPictures(reader, await reader.rows<EmojiRow>(list, values));
}

/** Every emoji to pick from, category by category, those without one last. */
export async function listEmojisToPick(reader: Reader): Promise<DrawnEmoji[]> {
  return withPictures(reader, await reader.rows<EmojiRow>(TO_PICK));
}

async function withPictures(reader: Reader, rows: readonly EmojiRow[]): Promise<DrawnEmoji[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ mediaId }) => mediaId);
  const pictures = new Map((await findMedia(reader, ids)).map((media) => [media.id, media]));
  return rows.flatMap((row) => {
    const picture = pictures.get(row.mediaId);
    // That of another server is on its way, or could not be used.
    return picture?.renditions.length ? [{ ...row, picture }] : [];
  });
}
