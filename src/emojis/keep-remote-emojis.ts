/** Keeps the emoji that people of another server use: their names, and pictures of our own. */
import type { ActorId } from '../actors/actor.entity.js';
import { addRemoteMedia } from '../media/add-remote-media.js';
import { releaseMedia } from '../media/attach-media.js';
import { SERVER_OWNER, type MediaId } from '../media/media.entity.js';
import { addSeconds } from '../platform/clock.js';
import type { Services } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import { siteOf } from '../platform/site-of.js';

/** An emoji as its server names it. */
export interface RemoteEmoji {
  /** As `SHORTCODE` has it. */
  readonly shortcode: string;
  readonly pictureUrl: string;
}

/** Most emoji that are kept of the servers of one registered domain; those that come later are shown as text. */
export const MAX_REMOTE_EMOJIS = 1_000;

/** A picture is not asked for anew before, however often its server names another one. */
const FRESH_SECONDS = 24 * 60 * 60;

const DOMAIN = statement(
  'remote_emojis.domain',
  'select domain from actors where id = $1 and domain is not null',
);
const LOCK = statement(
  'remote_emojis.lock',
  'select pg_advisory_xact_lock(hashtextextended($1, 72))',
);
const KNOWN = statement(
  'remote_emojis.known',
  `select e.shortcode, e.picture_url as "pictureUrl", e.media_id as "mediaId", e.updated_at as "updatedAt",
     m.state in ('FAILED', 'REJECTED') as "isFailed"
   from remote_emojis e join media m on m.id = e.media_id where e.domain = $1 and e.shortcode = any($2::text[])`,
);
const COUNT = statement(
  'remote_emojis.count',
  'select count(*)::int as count from remote_emojis where site = $1',
);
const KEEP = statement(
  'remote_emojis.keep',
  `insert into remote_emojis (id, domain, shortcode, picture_url, media_id, created_at, updated_at, site)
   values ($1, $2, $3, $4, $5, $6, $6, $7)
   on conflict (domain, shortcode) do update set picture_url = excluded.picture_url, media_id = excluded.media_id,
     updated_at = excluded.updated_at`,
);

interface KnownEmoji extends RemoteEmoji {
  readonly mediaId: MediaId;
  readonly updatedAt: Date;
  readonly isFailed: boolean;
}

/**
 * Keeps the emoji of the server of a remote actor; their pictures follow. Opens its own transaction where there is anything
 * new.
 */
export async function keepRemoteEmojis(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  actorId: ActorId,
  emojis: readonly RemoteEmoji[],
): Promise<void> {
  if (emojis.length === 0) return;
  const { domain } = (await database.row<{ domain: string }>(DOMAIN, [actorId])) ?? {};
  if (domain === undefined) return;
  const now = clock.now();
  const known = await database.rows<KnownEmoji>(KNOWN, [domain, namesOf(emojis)]);
  if (emojis.every((emoji) => isKept(emoji, known, now))) return;
  await database.transaction((tx) => keep(tx, now, domain, emojis));
}

async function keep(
  tx: Transaction,
  now: Date,
  domain: string,
  emojis: readonly RemoteEmoji[],
): Promise<void> {
  const site = siteOf(domain);
  await tx.rows(LOCK, [site]);
  const known = await tx.rows<KnownEmoji>(KNOWN, [domain, namesOf(emojis)]);
  let { count } = (await tx.row<{ count: number }>(COUNT, [site]))!;
  const use = { ownerId: SERVER_OWNER, access: 'PUBLIC', purpose: 'EMOJI' } as const;
  for (const emoji of emojis) {
    const before = known.find(({ shortcode }) => shortcode === emoji.shortcode);
    if (isKept(emoji, known, now) || (!before && count >= MAX_REMOTE_EMOJIS)) continue;
    if (!before) count += 1;
    const [mediaId] = await addRemoteMedia(tx, now, use, [pictureOf(emoji)]);
    const { shortcode, pictureUrl } = emoji;
    await tx.rows(KEEP, [newId<'emoji'>(now), domain, shortcode, pictureUrl, mediaId, now, site]);
    if (before) await releaseMedia(tx, now, [before.mediaId]);
  }
}

/** Whether there is nothing to do: it is there as named, or was looked at not long ago. */
function isKept(emoji: RemoteEmoji, known: readonly KnownEmoji[], now: Date): boolean {
  const before = known.find(({ shortcode }) => shortcode === emoji.shortcode);
  if (!before) return false;
  const isSame = before.pictureUrl === emoji.pictureUrl && !before.isFailed;
  return isSame || before.updatedAt > addSeconds(now, -FRESH_SECONDS);
}

function namesOf(emojis: readonly RemoteEmoji[]): string[] {
  return emojis.map(({ shortcode }) => shortcode);
}

/** What is not known before the picture is there is as of a small one. */
function pictureOf({ pictureUrl: url }: RemoteEmoji) {
  const unknown = { altText: null, blurhash: null, width: null, height: null };
  return { ...unknown, url, mimeType: 'image/png', focalX: 0, focalY: 0 };
}
