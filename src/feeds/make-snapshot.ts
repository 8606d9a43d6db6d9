/** Computes one page of a feed, from candidates to the stored order. */
import { createHash, createHmac } from 'node:crypto';
import { instanceSettings } from '../accounts/instance-settings.js';
import type { Settings } from '../accounts/settings.js';
import type { ActorId } from '../actors/actor.entity.js';
import { addSeconds } from '../platform/clock.js';
import type { CommandContext } from '../platform/context.js';
import { firstIdAt, newId } from '../platform/ids.js';
import type { PostId } from '../posts/post.entity.js';
import type { TimelineChoice } from '../posts/timeline-choice.js';
import type { Algorithm } from '../ranking/algorithm.js';
import { CHRONOLOGICAL } from '../ranking/algorithms.js';
import { canonicalText } from '../ranking/canonical.js';
import { openLottery } from '../ranking/lottery.js';
import { effectiveWeights, rank } from '../ranking/rank.js';
import type { Profile, RankingInput, RankingViewer } from '../ranking/ranking-input.js';
import { AFTER_ALL, findCandidates } from './candidates.queries.js';
import { ANONYMOUS_HOURS, SNAPSHOT_DAYS } from './feed.js';
import type { FeedPreferences } from './feed-preferences.queries.js';
import { buildProfile, partOfProfile, rememberedActs } from './internal/build-profile.js';
import { findActs, findHiddenAuthors, findResets } from './profile.queries.js';
import { packEntry, type FeedSnapshot, type WholeSnapshot } from './snapshot.js';

/** Who wants which feed. */
export interface FeedWish {
  readonly algorithm: Algorithm;
  readonly choice: TimelineChoice;
  readonly viewerId: ActorId | null;
  readonly preferences: FeedPreferences;
  /** Null when nobody is signed in. */
  readonly settings: Settings | null;
  /** The page before, of which this is the continuation; null = the first page. */
  readonly previous: FeedSnapshot | null;
  readonly now: Date;
}

const EXPLORED_DAYS = 14;
const DAY = 86_400;

/** A page, not yet stored. */
export async function makeSnapshot(
  context: CommandContext,
  wish: FeedWish,
): Promise<WholeSnapshot> {
  const { algorithm, viewerId, previous, now } = wish;
  const placed = previous?.placedIds ?? [];
  const seed = seedOf(context, wish, placed.length);
  const input = await gatherInput(context, wish, { seed, placed });
  const ranking = rank(input);
  const lifetime = viewerId === null ? ANONYMOUS_HOURS * 3600 : SNAPSHOT_DAYS * DAY;
  return {
    id: newId(now),
    ownerId: viewerId,
    algorithm: algorithm.slug,
    version: algorithm.version,
    choice: wish.choice,
    weights: input.weights,
    seed,
    input,
    inputDigest: createHash('sha256').update(canonicalText(input)).digest('hex'),
    entries: ranking.entries.map((entry) => packEntry(entry, input)),
    rejected: ranking.rejected.map(({ id, reason }) => ({ id: id as PostId, reason })),
    placedIds: [...placed, ...ranking.entries.map(({ id }) => id as PostId)],
    computedAt: now,
    expiresAt: addSeconds(now, lifetime),
  };
}

async function gatherInput(
  context: CommandContext,
  { algorithm, choice, viewerId, preferences, settings, previous, now }: FeedWish,
  { seed, placed }: { readonly seed: string; readonly placed: readonly PostId[] },
): Promise<RankingInput> {
  const { database } = context;
  const { autoApproveTrends } = await instanceSettings(database, context.config);
  const candidates = await findCandidates(database, algorithm, {
    viewerId,
    now,
    choice,
    before: algorithm.slug === CHRONOLOGICAL.slug ? oldestOf(previous) : AFTER_ALL,
    placed,
    points: algorithm.explorationEvery === null ? [] : lotteryPoints(algorithm, seed, now),
    isAutoApproved: autoApproveTrends,
    isProfiled: algorithm.usesProfile && preferences.isProfiled,
  });
  const profile = await profileOf(context, algorithm, viewerId, preferences, now);
  const authors = new Map(previous?.entries.map((entry) => [entry.id, entry.authorId]));
  return {
    algorithm: algorithm.slug,
    version: algorithm.version,
    computedAt: now.getTime(),
    seed,
    weights: effectiveWeights(algorithm, preferences.weights, profile !== null),
    viewer: {
      ...(await choicesOf(context, algorithm, viewerId, preferences, settings)),
      profile: profile && partOfProfile(profile, candidates),
    },
    authorsBefore: placed.flatMap((id) => authors.get(id) ?? []).slice(-4),
    candidates,
  };
}

async function choicesOf(
  { database }: CommandContext,
  { filtersSeen }: Algorithm,
  viewerId: ActorId | null,
  preferences: FeedPreferences,
  settings: Settings | null,
): Promise<Omit<RankingViewer, 'profile'>> {
  const isRanked = filtersSeen && viewerId !== null;
  return {
    languages: settings?.contentLanguages ?? [],
    mutedHashtags: isRanked ? preferences.mutedHashtags : [],
    hiddenAuthors: isRanked ? await findHiddenAuthors(database, viewerId) : [],
    hidesAi: isRanked && preferences.hidesAi,
  };
}

async function profileOf(
  { database }: CommandContext,
  { usesProfile }: Algorithm,
  viewerId: ActorId | null,
  { isProfiled, forgottenBefore }: FeedPreferences,
  now: Date,
): Promise<Profile | null> {
  if (viewerId === null || !usesProfile || !isProfiled) return null;
  const [acts, resets] = [
    await findActs(database, viewerId, now),
    await findResets(database, viewerId),
  ];
  return buildProfile(rememberedActs(acts, resets, forgottenBefore));
}

/** Nobody outside can tell the seed beforehand, and it stays the same for an hour: asking again is no second lot. */
function seedOf(
  { sealer }: CommandContext,
  { algorithm, viewerId, now }: FeedWish,
  place: number,
): string {
  const hour = Math.floor(now.getTime() / 3_600_000);
  return createHmac('sha256', sealer.deriveKey('feed-lottery'))
    .update(`${viewerId ?? 'nobody'}|${hour}|${algorithm.slug} ${algorithm.version}|${place}`)
    .digest('hex');
}

/** Instants of the last two weeks, as ids: from each on, the next public post is a candidate. */
function lotteryPoints({ sources }: Algorithm, seed: string, now: Date): string[] {
  const draw = openLottery(`${seed}|points`);
  const { limit } = sources.find(({ source }) => source === 'EXPLORATION')!;
  return Array.from({ length: limit }, () =>
    firstIdAt(addSeconds(now, -draw(EXPLORED_DAYS * DAY))),
  );
}

function oldestOf(previous: FeedSnapshot | null): string {
  return (previous?.entries ?? []).reduce(
    (oldest, { id }) => (id < oldest ? id : oldest),
    AFTER_ALL,
  );
}
