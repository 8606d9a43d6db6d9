/** Making a starter pack, and changing one. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid, TooMany } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { oneLine } from '../platform/one-line.js';
import { composeContent } from '../posts/content/compose-content.js';
import { requireLength } from '../posts/text-limits.js';
import { countNewcomers, replaceMembers, requireMembers } from './internal/members.js';
import { lockOwnPack, type OwnPack } from './internal/own-pack.js';
import { readHashtags } from './internal/pack-hashtags.js';
import {
  PACK_DESCRIPTION_LENGTH,
  PACK_TITLE_LENGTH,
  PACKS_PER_OWNER,
  type StarterPackId,
} from './starter-pack.js';

/** What to change; absent = as it is, or as a new pack is without it. */
export interface StarterPackChange {
  /** Null = a new one. */
  readonly packId: StarterPackId | null;
  /** Needed for a new one. */
  readonly title?: string;
  /** Markdown; empty = none. */
  readonly description?: string;
  readonly isListed?: boolean;
  /** Everybody who shall be in it, in order. */
  readonly actorIds?: readonly ActorId[];
  /** In any spelling. */
  readonly hashtags?: readonly string[];
}

/** People are told when somebody puts them into a pack: so many in an hour. */
export const PACKING_LIMIT = {
  name: 'starter_pack',
  points: 300,
  windowSeconds: 3600,
  failsClosed: false,
};

// The owner's row is the lock of their number of packs; a statement of its own, so that the count is taken after it.
const LOCK_OWNER = statement(
  'starter_packs.lock_owner',
  'select id from actors where id = $1 for no key update',
);
const COUNT = statement(
  'starter_packs.count',
  'select count(*)::int as count from starter_packs where owner_id = $1',
);
const INSERT = statement(
  'starter_packs.insert',
  `insert into starter_packs (id, owner_id, title, created_at, updated_at) values ($1, $2, '', $3, $3)`,
);
const UPDATE = statement(
  'starter_packs.update',
  `update starter_packs set title = coalesce($2, title), description_source = coalesce($3, description_source),
     description_html = coalesce($4, description_html), is_listed = coalesce($5, is_listed),
     hashtags = coalesce($6::text[], hashtags), updated_at = $7 where id = $1`,
);

/**
 * Makes or changes a starter pack of the viewer. Opens its own transaction. Who is new in it is told.
 *
 * @throws {NotFound} NOT_FOUND for somebody else's pack, and for an unknown person
 * @throws {Forbidden} BLOCKED, FORBIDDEN for somebody who does not want to be in it
 * @throws {Invalid} INVALID_INPUT
 * @throws {TooMany} LIMIT_EXCEEDED for more than 50 packs
 * @throws {RateLimited} RATE_LIMITED for more than 300 people in an hour
 */
export async function saveStarterPack(
  context: CommandContext,
  change: StarterPackChange,
): Promise<StarterPackId> {
  const viewer = requireViewer(context);
  const { packId, isListed = null, actorIds } = change;
  const title = readTitle(change);
  requireLength(change.description ?? '', PACK_DESCRIPTION_LENGTH, ['description']);
  const hashtags = change.hashtags === undefined ? null : readHashtags(change.hashtags);
  requireMembers(actorIds ?? []);
  await requirePacking(context, viewer.actorId, packId, actorIds ?? []);
  const now = context.clock.now();
  return context.database.transaction(async (tx) => {
    const pack =
      packId === null
        ? await startPack(tx, viewer.actorId, now)
        : await lockOwnPack(tx, viewer.actorId, packId);
    const description =
      change.description === undefined
        ? null
        : await composeContent(tx, context.config, change.description);
    const texts = [title, description?.source ?? null, description?.html ?? null];
    await tx.rows(UPDATE, [pack.id, ...texts, isListed, hashtags, now]);
    if (actorIds !== undefined) await replaceMembers(tx, pack, actorIds, now);
    return pack.id;
  });
}

/**
 * Counts the people who would be told. Call it outside of a transaction.
 *
 * @throws {RateLimited} RATE_LIMITED
 */
export async function requirePacking(
  context: CommandContext,
  ownerId: ActorId,
  packId: StarterPackId | null,
  actorIds: readonly ActorId[],
): Promise<void> {
  const newcomers = await countNewcomers(context.database, ownerId, packId, actorIds);
  if (newcomers > 0) await requireRate(context, PACKING_LIMIT, ownerId, newcomers);
}

/** The title on one line; null = as it is. */
function readTitle({ title, packId }: StarterPackChange): string | null {
  if (title === undefined && packId !== null) return null;
  const line = oneLine(title ?? '');
  if (line === '') throw new Invalid('A starter pack needs a title.', ['title'], 'REQUIRED');
  requireLength(line, PACK_TITLE_LENGTH, ['title']);
  return line;
}

async function startPack(tx: Transaction, ownerId: ActorId, now: Date): Promise<OwnPack> {
  await tx.rows(LOCK_OWNER, [ownerId]);
  const known = await tx.row<{ count: number }>(COUNT, [ownerId]);
  if ((known?.count ?? 0) >= PACKS_PER_OWNER)
    throw new TooMany(`At most ${PACKS_PER_OWNER} starter packs.`, PACKS_PER_OWNER);
  const id = newId<'starterpack'>(now);
  await tx.rows(INSERT, [id, ownerId, now]);
  return { id, ownerId };
}
