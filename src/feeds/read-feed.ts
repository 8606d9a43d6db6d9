/** A page of a feed: cut out of the stored order, which goes on with another one where it ends. */
import { viewerSettings } from '../posts/viewer-settings.js';
import type { CommandContext } from '../platform/context.js';
import { InvalidCursor, type PageRequest } from '../platform/db/page.js';
import { Invalid } from '../platform/errors.js';
import { requireRate } from '../platform/require-rate.js';
import type { TimelineChoice } from '../posts/timeline-choice.js';
import type { Algorithm } from '../ranking/algorithm.js';
import { ALGORITHMS, findAlgorithm } from '../ranking/algorithms.js';
import { canonicalText } from '../ranking/canonical.js';
import { findStanding } from './candidates.queries.js';
import { LONGEST_WALK, ANONYMOUS_SECONDS, SNAPSHOT_LIMIT, type FeedSnapshotId } from './feed.js';
import { DEFAULT_PREFERENCES, findFeedPreferences } from './feed-preferences.queries.js';
import { makeSnapshot, type FeedWish } from './make-snapshot.js';
import type { FeedSnapshot, StoredEntry } from './snapshot.js';
import {
  findContinuation,
  findAnonymous,
  findSnapshots,
  storeSnapshot,
} from './snapshots.queries.js';

/** A place on a page. */
export interface FeedPlace {
  readonly entry: StoredEntry;
  /** From 1 on, in its snapshot. */
  readonly rank: number;
  /** False when the post is gone, or may not be shown to the viewer any more. */
  readonly isStanding: boolean;
}

/** A page. */
export interface FeedPage {
  readonly snapshot: FeedSnapshot;
  readonly places: readonly FeedPlace[];
  /** The order ends with it. */
  readonly isEnd: boolean;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** Formats that feeds show unless others are asked for. */
const SHOWN_KINDS = ['photo', 'video'] as const;

/**
 * Reads a page; the first one of a walk is computed and stored.
 *
 * @param slug null = what the viewer chose, else the chronological one
 * @param request its key is the id of a snapshot and the rank in it
 * @throws {Invalid} INVALID_INPUT for an algorithm that there is not
 * @throws {InvalidCursor}
 * @throws {RateLimited} RATE_LIMITED
 */
export async function readFeed(
  context: CommandContext,
  slug: string | null,
  choice: TimelineChoice,
  request: PageRequest,
): Promise<FeedPage> {
  const wish = await wishOf(context, slug, choice);
  if (request.from === null)
    return cut(context, await firstSnapshot(context, wish), 0, request.size);
  const [id, rank] = request.from as [FeedSnapshotId, string];
  const [found] = await findSnapshots(context.database, [id], wish.viewerId, wish.now);
  if (found?.algorithm !== wish.algorithm.slug || found.ownerId !== wish.viewerId)
    throw new InvalidCursor('The feed that this cursor belongs to is not kept any more.');
  if (Number(rank) < found.entries.length) return cut(context, found, Number(rank), request.size);
  const next = canContinue(found) ? await continueFrom(context, wish, found) : null;
  return next
    ? { ...(await cut(context, next, 0, request.size)), hasPreviousPage: true }
    : cut(context, found, found.entries.length, request.size);
}

async function wishOf(
  context: CommandContext,
  slug: string | null,
  choice: TimelineChoice,
): Promise<FeedWish> {
  const { viewer, database, clock } = context;
  const preferences = viewer
    ? await findFeedPreferences(database, viewer.actorId)
    : DEFAULT_PREFERENCES;
  const settings = viewer ? await viewerSettings(database, viewer) : null;
  return {
    algorithm: requireAlgorithm(slug ?? preferences.algorithm, ['algorithm']),
    choice: {
      ...choice,
      kinds: inOneOrder(choice.kinds ?? SHOWN_KINDS),
      languages: choice.languages ? inOneOrder(choice.languages) : null,
      excludeSensitive: choice.excludeSensitive || settings?.showSensitive === 'HIDE',
    },
    viewerId: viewer?.actorId ?? null,
    preferences,
    settings,
    previous: null,
    now: clock.now(),
  };
}

/** The same choice in other words shares what was computed. */
function inOneOrder<Name extends string>(names: readonly Name[]): readonly Name[] {
  return [...new Set(names)].toSorted();
}

/**
 * The algorithm of a slug.
 *
 * @throws {Invalid} INVALID_INPUT
 */
export function requireAlgorithm(slug: string, path: readonly string[]): Algorithm {
  const algorithm = findAlgorithm(slug);
  if (algorithm) return algorithm;
  const known = ALGORITHMS.map((each) => each.slug).join(', ');
  throw new Invalid(`There is no such feed; there are ${known}.`, path, 'ONE_OF', known);
}

async function firstSnapshot(context: CommandContext, wish: FeedWish): Promise<FeedSnapshot> {
  if (wish.viewerId !== null) return store(context, wish, null);
  const { algorithm, choice, now } = wish;
  const period = Math.floor(now.getTime() / (ANONYMOUS_SECONDS * 1000));
  const key = `${algorithm.slug} ${algorithm.version} ${period} ${canonicalText(choice)}`;
  return (await findAnonymous(context.database, key, now)) ?? store(context, wish, key);
}

async function store(
  context: CommandContext,
  wish: FeedWish,
  sharedKey: string | null,
): Promise<FeedSnapshot> {
  const { database } = context;
  if (wish.viewerId !== null) await requireRate(context, SNAPSHOT_LIMIT, wish.viewerId);
  const made = await makeSnapshot(context, wish);
  const continuesId = wish.previous?.id ?? null;
  const outcome = await storeSnapshot(database, made, { sharedKey, continuesId });
  if (outcome === 'STORED') return made;
  if (outcome === 'FORGOTTEN') return store(context, await wishAnew(context, wish), sharedKey);
  const other =
    continuesId === null
      ? await findAnonymous(database, sharedKey!, wish.now)
      : await findContinuation(database, continuesId, wish.viewerId, wish.now);
  if (!other) throw new Error('A snapshot was in the way that is not there');
  return other;
}

/** The same wish of somebody who had interests forgotten meanwhile. */
async function wishAnew({ database, clock }: CommandContext, wish: FeedWish): Promise<FeedWish> {
  const preferences = await findFeedPreferences(database, wish.viewerId!);
  return { ...wish, preferences, now: clock.now() };
}

async function continueFrom(
  context: CommandContext,
  wish: FeedWish,
  previous: FeedSnapshot,
): Promise<FeedSnapshot> {
  const known = await findContinuation(context.database, previous.id, wish.viewerId, wish.now);
  return known ?? store(context, { ...wish, choice: previous.choice, previous }, null);
}

/** Lists that are short by nature end; those by time go on while they are full, and those by lot for a while. */
function canContinue({ algorithm: slug, entries, placedIds }: FeedSnapshot): boolean {
  const algorithm = findAlgorithm(slug);
  if (!algorithm || entries.length === 0) return false;
  if (slug === 'chronological') return entries.length === algorithm.size;
  return algorithm.explorationEvery !== null && placedIds.length < LONGEST_WALK;
}

async function cut(
  { database, clock }: CommandContext,
  snapshot: FeedSnapshot,
  from: number,
  size: number,
): Promise<FeedPage> {
  const entries = snapshot.entries.slice(from, from + size);
  const asked = { viewerId: snapshot.ownerId, now: clock.now(), choice: snapshot.choice };
  const ids = entries.map(({ id }) => id);
  const standing = await findStanding(database, findAlgorithm(snapshot.algorithm)!, asked, ids);
  const end = from + entries.length;
  return {
    snapshot,
    places: entries.map((entry, index) => ({
      entry,
      rank: from + index + 1,
      isStanding: standing.has(entry.id),
    })),
    isEnd: end === snapshot.entries.length,
    hasNextPage: end < snapshot.entries.length || (entries.length > 0 && canContinue(snapshot)),
    hasPreviousPage: from > 0,
  };
}
