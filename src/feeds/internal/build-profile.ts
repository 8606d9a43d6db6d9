/** From acts to a profile: a pure step, the same for the feed and for what people are shown of themselves. */
import type { Act, Profile } from '../../ranking/ranking-input.js';
import type { ActRow, ResetRow } from '../profile.queries.js';

const ACTS_PER_INTEREST = 20;
const RECENT = 100;

/** Acts that are not to be forgotten, the newest first; `hashtags` are without those to forget. */
export function rememberedActs(
  acts: readonly ActRow[],
  resets: readonly ResetRow[],
  forgottenBefore: Date | null,
): readonly (ActRow & { readonly isAuthorForgotten: boolean })[] {
  const resetAt = new Map(
    resets.map(({ actorId, hashtagId, resetAt: at }) => [actorId ?? hashtagId, at]),
  );
  const isForgotten = (id: string, at: Date): boolean => at <= (resetAt.get(id as never) ?? NEVER);
  return acts
    .filter(({ at }) => at > (forgottenBefore ?? NEVER))
    .map((act) => ({
      ...act,
      hashtags: act.hashtags.filter(({ id }) => !isForgotten(id, act.at)),
      isAuthorForgotten: isForgotten(act.authorId, act.at),
    }))
    .sort((one, other) => other.at.getTime() - one.at.getTime());
}

const NEVER = new Date(0);

/** What rankings know of somebody. */
export function buildProfile(acts: ReturnType<typeof rememberedActs>): Profile {
  const profile = {
    accounts: {} as Record<string, Act[]>,
    hashtags: {} as Record<string, Act[]>,
    recent: {} as Record<string, number>,
    recentTotal: 0,
    lessOfAccounts: {} as Record<string, number[]>,
    lessOfHashtags: {} as Record<string, number[]>,
  };
  for (const { kind, authorId, at, hashtags, isAuthorForgotten } of acts) {
    const time = at.getTime();
    const names = hashtags.map(({ name }) => name);
    if (kind === 'LESS') {
      if (!isAuthorForgotten) keep(profile.lessOfAccounts, authorId, time);
      for (const name of names) keep(profile.lessOfHashtags, name, time);
      continue;
    }
    if (!isAuthorForgotten) keep<Act>(profile.accounts, authorId, [kind, time]);
    for (const name of names) keep<Act>(profile.hashtags, name, [kind, time]);
    if (kind === 'FOLLOW' || isAuthorForgotten || profile.recentTotal === RECENT) continue;
    profile.recent[authorId] = (profile.recent[authorId] ?? 0) + 1;
    profile.recentTotal += 1;
  }
  return profile;
}

/** As much of a profile as a ranking of these candidates reads: nothing else of it is stored with the page. */
export function partOfProfile(
  profile: Profile,
  candidates: readonly { readonly authorId: string; readonly hashtags: readonly string[] }[],
): Profile {
  const authors = new Set(candidates.map(({ authorId }) => authorId));
  const names = new Set(candidates.flatMap(({ hashtags }) => hashtags));
  const of = <Value>(all: Readonly<Record<string, Value>>, wanted: Set<string>) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => wanted.has(key)));
  return {
    accounts: of(profile.accounts, authors),
    hashtags: of(profile.hashtags, names),
    recent: of(profile.recent, authors),
    recentTotal: profile.recentTotal,
    lessOfAccounts: of(profile.lessOfAccounts, authors),
    lessOfHashtags: of(profile.lessOfHashtags, names),
  };
}

function keep<Item>(lists: Record<string, Item[]>, key: string, item: Item): void {
  const list = (lists[key] ??= []);
  if (list.length < ACTS_PER_INTEREST) list.push(item);
}
