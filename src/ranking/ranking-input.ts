/** Everything that a ranking depends on. All numbers are whole; times are milliseconds since 1970. */
import type { ActKind, Signal } from './signal.js';

/** Where a candidate comes from. */
export const CANDIDATE_SOURCES = {
  FOLLOWED_ACCOUNT: 'Of somebody whom the viewer follows, or their own.',
  FOLLOWED_HASHTAG: 'With a hashtag that the viewer follows.',
  EDITORIAL_PICK: 'Picked by the staff, with a public reason.',
  LOCAL_TREND: 'Of this server, and many people care about it now.',
  NETWORK_TREND: 'Of another server, and many people here care about it now.',
  SOUND_OR_REMIX:
    'With the sound of a video that the viewer liked and may still see, or made of it; only where they allow a profile.',
  SIMILAR_CREATOR: 'Of somebody whom people follow whom the viewer follows.',
  LOCAL_PUBLIC: 'A public post of this server.',
  EXPLORATION: 'Drawn by lot from the public posts of the last two weeks.',
} as const;

/** One of the sources. */
export type CandidateSource = keyof typeof CANDIDATE_SOURCES;

/** A post with the facts that signals are made of. What its author pays or may use is not among them. */
export interface Candidate {
  readonly id: string;
  readonly authorId: string;
  readonly source: CandidateSource;
  readonly publishedAt: number;
  /** Names in lower case. */
  readonly hashtags: readonly string[];
  /** BCP 47; null = none. */
  readonly language: string | null;
  readonly isLocal: boolean;
  /** Every picture has a description, or the video captions. */
  readonly isDescribed: boolean;
  readonly isPicked: boolean;
  /** From 1 on; null = does not trend. */
  readonly trendPlace: number | null;
  /** Reactions, comments and reposts, without those of the author; null where the author hides counters. */
  readonly positives: number | null;
  /** People who saw it, as far as that is known. */
  readonly viewers: number;
  readonly views: number;
  readonly completions: number;
  /** The viewer published it. */
  readonly isOwn: boolean;
  /** The viewer has seen it. */
  readonly isSeen: boolean;
  /** Its author says that AI was used. */
  readonly isAi: boolean;
}

/** Something that the viewer did, and when. */
export type Act = readonly [kind: ActKind, at: number];

/** What is known of the viewer, made of what they did; there is none of somebody who is not to be profiled. */
export interface Profile {
  /** By author: at most the 20 newest. */
  readonly accounts: Readonly<Record<string, readonly Act[]>>;
  /** By name of the hashtag: at most the 20 newest. */
  readonly hashtags: Readonly<Record<string, readonly Act[]>>;
  /** By author: how many of the last 100 things. */
  readonly recent: Readonly<Record<string, number>>;
  /** How many there were, up to 100. */
  readonly recentTotal: number;
  /** When the viewer wanted less of an author, and of a hashtag. */
  readonly lessOfAccounts: Readonly<Record<string, readonly number[]>>;
  readonly lessOfHashtags: Readonly<Record<string, readonly number[]>>;
}

/** Who looks. */
export interface RankingViewer {
  /** BCP 47; empty = every language. */
  readonly languages: readonly string[];
  readonly mutedHashtags: readonly string[];
  /** Authors whom the viewer wants in no ranked feed. */
  readonly hiddenAuthors: readonly string[];
  readonly hidesAi: boolean;
  readonly profile: Profile | null;
}

/** One ranking to be made. */
export interface RankingInput {
  readonly algorithm: string;
  readonly version: string;
  readonly computedAt: number;
  /** Of the lottery. */
  readonly seed: string;
  /** In thousandths; absent = 0. */
  readonly weights: Readonly<Partial<Record<Signal, number>>>;
  readonly viewer: RankingViewer;
  /** Authors of the last places before this ranking, the last one last: it goes on from there. */
  readonly authorsBefore: readonly string[];
  /** In any order. */
  readonly candidates: readonly Candidate[];
}
