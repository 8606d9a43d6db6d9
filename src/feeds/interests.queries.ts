/** What somebody is shown of what is known of them: the same that rankings know. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Reader } from '../platform/db/database.js';
import type { Id } from '../platform/ids.js';
import { affinity } from '../ranking/measure.js';
import { SIGNAL_UNIT, type ActKind } from '../ranking/signal.js';
import { findFeedPreferences } from './feed-preferences.queries.js';
import { rememberedActs } from './internal/build-profile.js';
import { findActs, findResets, type ActRow } from './profile.queries.js';

/** What an interest can be about. */
export const INTEREST_KINDS = {
  ACCOUNT: 'Posts of somebody.',
  HASHTAG: 'Posts with a hashtag.',
} as const;

/** One of the kinds. */
export type InterestKind = keyof typeof INTEREST_KINDS;

/** An interest with the acts that made it. */
export interface InterestRow {
  readonly kind: InterestKind;
  readonly actorId: ActorId | null;
  readonly hashtagId: Id<'hashtag'> | null;
  /** Name of the hashtag; null for an account. */
  readonly hashtagName: string | null;
  /** Between 0 and 1: the affinity of rankings. */
  readonly score: number;
  readonly acts: Readonly<Partial<Record<ActKind | 'LESS', number>>>;
  readonly updatedAt: Date;
}

const ACTS_PER_INTEREST = 20;

/** The viewer's interests, the strongest first; none while profiling is off. */
export async function findInterests(
  reader: Reader,
  ownerId: ActorId,
  now: Date,
  size: number,
): Promise<InterestRow[]> {
  const { isProfiled, forgottenBefore } = await findFeedPreferences(reader, ownerId);
  if (!isProfiled) return [];
  const [acts, resets] = [await findActs(reader, ownerId, now), await findResets(reader, ownerId)];
  const groups = new Map<string, { subject: Subject; acts: ActRow[] }>();
  for (const act of rememberedActs(acts, resets, forgottenBefore))
    for (const subject of subjectsOf(act)) {
      const group = groups.get(subject.key) ?? { subject, acts: [] };
      groups.set(subject.key, group);
      if (group.acts.length < ACTS_PER_INTEREST) group.acts.push(act);
    }
  return [...groups.values()]
    .map(({ subject, acts: made }) => toInterest(subject, made, now))
    .sort((one, other) => other.score - one.score || +other.updatedAt - +one.updatedAt)
    .slice(0, size);
}

interface Subject extends Pick<InterestRow, 'kind' | 'actorId' | 'hashtagId' | 'hashtagName'> {
  readonly key: string;
}

function subjectsOf(act: ReturnType<typeof rememberedActs>[number]): Subject[] {
  const hashtags = act.hashtags.map(({ id, name }) => ({
    key: id,
    kind: 'HASHTAG' as const,
    actorId: null,
    hashtagId: id,
    hashtagName: name,
  }));
  if (act.isAuthorForgotten) return hashtags;
  const { authorId } = act;
  const names = { hashtagId: null, hashtagName: null };
  return [{ key: authorId, kind: 'ACCOUNT', actorId: authorId, ...names }, ...hashtags];
}

function toInterest(
  { kind, actorId, hashtagId, hashtagName }: Subject,
  acts: readonly ActRow[],
  now: Date,
): InterestRow {
  const counts: Partial<Record<ActKind | 'LESS', number>> = {};
  for (const act of acts) counts[act.kind] = (counts[act.kind] ?? 0) + 1;
  const weighed = acts.flatMap((act) =>
    act.kind === 'LESS' ? [] : [[act.kind, act.at.getTime()] as const],
  );
  return {
    kind,
    actorId,
    hashtagId,
    hashtagName,
    score: affinity(weighed, now.getTime()).normalized / SIGNAL_UNIT,
    acts: counts,
    updatedAt: acts[0]!.at,
  };
}
