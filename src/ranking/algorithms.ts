/** The algorithms that are built in. They are public; a change needs a new version and an entry in the changelog. */
import type { Algorithm, SignalRule } from './algorithm.js';
import type { Signal } from './signal.js';

const FIRST = [{ version: '1.0.0', changedOn: '2026-11-28', summary: 'First version.' }] as const;

const SECOND = '1.1.0';
const changedOn = '2026-11-28';

const fixed = (signal: Signal, weight: number): SignalRule => ({
  signal,
  weight,
  min: weight,
  max: weight,
});
const adjustable = (signal: Signal, weight: number, max: number): SignalRule => ({
  signal,
  weight,
  min: 0,
  max,
});

/** Followed people by time: the default. */
export const CHRONOLOGICAL: Algorithm = {
  slug: 'chronological',
  version: '1.0.0',
  name: 'Chronological',
  description:
    'Photos and videos of the people and hashtags that the viewer follows, the newest first. For whoever is not signed in: the public ones of this server.',
  usesProfile: false,
  size: 100,
  sources: [
    { source: 'FOLLOWED_ACCOUNT', limit: 101 },
    { source: 'FOLLOWED_HASHTAG', limit: 101 },
    { source: 'LOCAL_PUBLIC', limit: 101 },
  ],
  signals: [fixed('FRESHNESS', 1000)],
  diversityWindow: null,
  explorationEvery: null,
  filtersSeen: false,
  changelog: FIRST,
};

/** What people of the staff picked. */
export const EDITORIAL: Algorithm = {
  slug: 'editorial',
  version: '1.0.0',
  name: 'Editorial',
  description:
    'What people of the staff picked, each with who picked it, by which criterion, and a public reason; the newest posts first.',
  usesProfile: false,
  size: 100,
  sources: [{ source: 'EDITORIAL_PICK', limit: 100 }],
  signals: [fixed('EDITORIAL_BOOST', 500), fixed('FRESHNESS', 500)],
  diversityWindow: null,
  explorationEvery: null,
  filtersSeen: false,
  changelog: FIRST,
};

/** What many people care about. */
export const TRENDING: Algorithm = {
  slug: 'trending',
  version: SECOND,
  name: 'Trending',
  description:
    'What many people here care about now, the same for everybody but for blocks, mutes and filters: the order of `trends.posts`, whose formula is published there.',
  usesProfile: false,
  size: 100,
  sources: [
    { source: 'LOCAL_TREND', limit: 100 },
    { source: 'NETWORK_TREND', limit: 100 },
  ],
  signals: [fixed('TREND', 1000)],
  diversityWindow: 5,
  explorationEvery: null,
  filtersSeen: false,
  changelog: [
    {
      version: SECOND,
      changedOn,
      summary: 'Where there are fewer than five authors, as many of their posts stand in a row.',
    },
    ...FIRST,
  ],
};

/** Made for the viewer, who chose it. */
export const FOR_YOU: Algorithm = {
  slug: 'for-you',
  version: SECOND,
  name: 'For you',
  description:
    'From everything above, weighed for the viewer: by what they did themselves with posts and what they watched, where they allow a profile, and without it otherwise. Of authors whom the viewer does not follow only those who want to be found (`Actor.isDiscoverable`). Shown to whoever chooses it.',
  usesProfile: true,
  size: 60,
  sources: [
    { source: 'FOLLOWED_ACCOUNT', limit: 60 },
    { source: 'FOLLOWED_HASHTAG', limit: 30 },
    { source: 'EDITORIAL_PICK', limit: 20 },
    { source: 'LOCAL_TREND', limit: 30 },
    { source: 'NETWORK_TREND', limit: 30 },
    { source: 'SOUND_OR_REMIX', limit: 20 },
    { source: 'SIMILAR_CREATOR', limit: 30 },
    { source: 'LOCAL_PUBLIC', limit: 30 },
    { source: 'EXPLORATION', limit: 20 },
  ],
  signals: [
    adjustable('FRESHNESS', 250, 600),
    adjustable('CREATOR_AFFINITY', 200, 500),
    adjustable('HASHTAG_AFFINITY', 150, 500),
    adjustable('ENGAGEMENT_RATE', 150, 400),
    adjustable('COMPLETION_RATE', 100, 300),
    adjustable('EDITORIAL_BOOST', 100, 300),
    adjustable('LANGUAGE_MATCH', 50, 200),
    adjustable('LOCALITY', 50, 200),
    adjustable('NOVELTY', 50, 200),
    adjustable('ACCESSIBILITY', 50, 200),
    fixed('NEGATIVE_FEEDBACK', 500),
  ],
  diversityWindow: 5,
  explorationEvery: 10,
  filtersSeen: true,
  changelog: [
    {
      version: SECOND,
      changedOn,
      summary:
        'Where there are fewer than five authors, as many of their posts stand in a row. What the viewer watched has a part in affinities. Sounds and remixes of liked videos are a source. Own posts are left out as such, and whoever is suspended is not counted. Views count in steps of 25.',
    },
    ...FIRST,
  ],
};

/** All, the default first. */
export const ALGORITHMS: readonly Algorithm[] = [CHRONOLOGICAL, EDITORIAL, TRENDING, FOR_YOU];

/** The algorithm of a name; null = there is none. */
export function findAlgorithm(slug: string): Algorithm | null {
  return ALGORITHMS.find((algorithm) => algorithm.slug === slug) ?? null;
}
