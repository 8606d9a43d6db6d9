/** Following hashtags: their public posts come into the home timeline. Nobody is told. */
import { randomUUID } from 'node:crypto';
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext, Services } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid, TooMany } from '../platform/errors.js';
import { newId, type Id } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import { foldHashtag, HASHTAG_LENGTH } from '../posts/content/hashtag.js';
import { hashtagFollowed, hashtagUnfollowed } from './timelines.events.js';

/** Most hashtags that one person follows. */
export const FOLLOWED_HASHTAGS = 500;

const LOCK_FOLLOWER = statement(
  'followed_hashtags.lock_follower',
  'select pg_advisory_xact_lock(hashtextextended($1::text, 5))',
);
const KEEP = statement(
  'followed_hashtags.keep',
  `insert into hashtags (id, name, display_name, created_at) values ($1, $2, $3, $4) on conflict (name) do nothing`,
);
const FIND = statement('followed_hashtags.find', 'select id from hashtags where name = $1');
const FOLLOW = statement(
  'followed_hashtags.follow',
  `insert into followed_hashtags (follower_id, hashtag_id, id, display_name, followed_at) values ($1, $2, $3, $4, $5)
   on conflict (follower_id, hashtag_id) do nothing returning id`,
);
const COUNT = statement(
  'followed_hashtags.count',
  'select count(*)::int as count from followed_hashtags where follower_id = $1',
);
const UNFOLLOW = statement(
  'followed_hashtags.unfollow',
  'delete from followed_hashtags where follower_id = $1 and hashtag_id = $2 returning id',
);

/**
 * Follows a hashtag, used already or not, or follows it no more. A repeat changes nothing. Opens its own transaction.
 *
 * @param input.name in any spelling, with or without #
 * @returns the hashtag; null when it is not followed and was never known
 * @throws {Invalid} INVALID_INPUT for what can be no hashtag
 * @throws {TooMany} LIMIT_EXCEEDED for more than 500
 */
export async function followHashtag(
  context: CommandContext,
  input: { readonly name: string; readonly isFollowing: boolean },
): Promise<Id<'hashtag'> | null> {
  const viewer = requireViewer(context);
  const written = readName(input.name);
  return context.database.transaction(async (tx) => {
    await tx.rows(LOCK_FOLLOWER, [viewer.actorId]);
    if (!input.isFollowing) return unfollow(tx, viewer.actorId, written.name);
    return follow(tx, viewer.actorId, written, context.clock.now());
  });
}

/**
 * Follows a hashtag for somebody of this server who has chosen so before. A repeat changes nothing. Opens its own
 * transaction.
 *
 * @throws as `followHashtag`
 */
export async function startFollowingHashtag(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  followerId: ActorId,
  name: string,
): Promise<void> {
  const written = readName(name);
  await database.transaction(async (tx) => {
    await tx.rows(LOCK_FOLLOWER, [followerId]);
    await follow(tx, followerId, written, clock.now());
  });
}

/** A hashtag as somebody wrote it. */
interface WrittenHashtag {
  readonly name: string;
  readonly displayName: string;
}

function readName(written: string): WrittenHashtag {
  const name = foldHashtag(written);
  if (name === null) {
    const rule = `A hashtag has letters, digits and underscores, at most ${HASHTAG_LENGTH}, and at least one letter.`;
    throw new Invalid(rule, ['name'], 'HASHTAG');
  }
  return { name, displayName: written.replace(/^#/, '').normalize('NFC') };
}

async function follow(
  tx: Transaction,
  followerId: ActorId,
  written: WrittenHashtag,
  now: Date,
): Promise<Id<'hashtag'>> {
  await tx.rows(KEEP, [randomUUID(), written.name, written.displayName, now]);
  const hashtag = (await tx.row<{ id: Id<'hashtag'> }>(FIND, [written.name]))!;
  const values = [followerId, hashtag.id, newId(now), written.displayName, now];
  if (!(await tx.row(FOLLOW, values))) return hashtag.id;
  const followed = await tx.row<{ count: number }>(COUNT, [followerId]);
  if ((followed?.count ?? 0) > FOLLOWED_HASHTAGS)
    throw new TooMany(`At most ${FOLLOWED_HASHTAGS} hashtags.`, FOLLOWED_HASHTAGS, ['name']);
  await tx.append(hashtagFollowed, { followerId, hashtagId: hashtag.id });
  return hashtag.id;
}

async function unfollow(
  tx: Transaction,
  followerId: ActorId,
  name: string,
): Promise<Id<'hashtag'> | null> {
  const hashtag = await tx.row<{ id: Id<'hashtag'> }>(FIND, [name]);
  if (!hashtag) return null;
  if (await tx.row(UNFOLLOW, [followerId, hashtag.id]))
    await tx.append(hashtagUnfollowed, { followerId, hashtagId: hashtag.id });
  return hashtag.id;
}
