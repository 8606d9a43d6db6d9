// The arithmetic of feeds: explained to the last digit, the same on every run, and blind to money.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ALGORITHMS, CHRONOLOGICAL, FOR_YOU } from '../../src/ranking/algorithms.js';
import { canonicalText } from '../../src/ranking/canonical.js';
import { decay } from '../../src/ranking/decay.js';
import { openLottery, shuffled } from '../../src/ranking/lottery.js';
import { effectiveWeights, rank } from '../../src/ranking/rank.js';
import type { Act, Candidate, RankingInput } from '../../src/ranking/ranking-input.js';
import { replay } from '../../src/ranking/replay.js';
import { ACT_POINTS, type ActKind } from '../../src/ranking/signal.js';

const NOW = Date.UTC(2026, 10, 28, 12);
const HOUR = 3_600_000;
const AUTHORS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const TAGS = ['light', 'sea', 'city', 'cats'];

const time = fc.integer({ min: NOW - 400 * HOUR, max: NOW });
const act: fc.Arbitrary<Act> = fc.tuple(
  fc.constantFrom(...(Object.keys(ACT_POINTS) as ActKind[])),
  time,
);
const candidate: fc.Arbitrary<Omit<Candidate, 'id'>> = fc.record({
  authorId: fc.constantFrom(...AUTHORS),
  source: fc.constantFrom('FOLLOWED_ACCOUNT', 'LOCAL_TREND', 'EXPLORATION', 'EDITORIAL_PICK'),
  publishedAt: time,
  hashtags: fc.uniqueArray(fc.constantFrom(...TAGS)),
  language: fc.constantFrom(null, 'en', 'fr-CA'),
  isLocal: fc.boolean(),
  isDescribed: fc.boolean(),
  isPicked: fc.boolean(),
  trendPlace: fc.option(fc.integer({ min: 1, max: 100 })),
  positives: fc.option(fc.nat(5000)),
  viewers: fc.nat(20_000),
  views: fc.nat(20_000),
  completions: fc.nat(20_000),
  isOwn: fc.boolean(),
  isSeen: fc.boolean(),
  isAi: fc.boolean(),
});
const lists = <Value>(keys: readonly string[], value: fc.Arbitrary<Value>) =>
  fc.dictionary(fc.constantFrom(...keys), fc.array(value, { maxLength: 20 }));
const profile = fc.record({
  accounts: lists(AUTHORS, act),
  hashtags: lists(TAGS, act),
  recent: fc.dictionary(fc.constantFrom(...AUTHORS), fc.nat(12)),
  recentTotal: fc.constant(100),
  lessOfAccounts: lists(AUTHORS, time),
  lessOfHashtags: lists(TAGS, time),
});
const input: fc.Arbitrary<RankingInput> = fc
  .record({
    algorithm: fc.constantFrom(...ALGORITHMS),
    seed: fc.string(),
    profile: fc.option(profile),
    candidates: fc.array(candidate, { maxLength: 120 }),
    hidesAi: fc.boolean(),
    authorsBefore: fc.array(fc.constantFrom(...AUTHORS), { maxLength: 4 }),
  })
  .map(({ algorithm, candidates, profile: known, hidesAi, seed, authorsBefore }) => ({
    algorithm: algorithm.slug,
    version: algorithm.version,
    computedAt: NOW,
    seed,
    weights: effectiveWeights(algorithm, {}, known !== null),
    viewer: {
      languages: ['en'],
      mutedHashtags: ['cats'],
      hiddenAuthors: ['h'],
      hidesAi,
      profile: known,
    },
    authorsBefore,
    candidates: candidates.map((each, index) => ({ ...each, id: `post-${1000 + index}` })),
  }));

test('contributions and adjustments are the score, and the order is that of the scores', () => {
  fc.assert(
    fc.property(input, (given) => {
      const { entries } = rank(given);
      entries.forEach(({ score, contributions, adjustments }, index) => {
        const parts = [
          ...contributions.map((part) => part.contribution),
          ...adjustments.map((part) => part.delta),
        ];
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(score);
        expect(parts.every(Number.isSafeInteger)).toBe(true);
        for (const { weight, normalized, contribution } of contributions)
          expect(contribution).toBe(weight * normalized);
        if (index > 0) expect(score).toBeLessThanOrEqual(entries[index - 1]!.score);
      });
    }),
  );
});

test('every candidate has a place or a reason, once', () => {
  fc.assert(
    fc.property(input, (given) => {
      const { entries, rejected } = rank(given);
      const ids = [...entries, ...rejected].map(({ id }) => id).sort();
      expect(ids).toEqual(given.candidates.map(({ id }) => id).sort());
    }),
  );
});

test('the same input gives the same ranking, in whatever order the candidates come', () => {
  fc.assert(
    fc.property(input, fc.string(), (given, seed) => {
      const mixed = { ...given, candidates: shuffled(given.candidates, openLottery(seed)) };
      const again = JSON.parse(canonicalText(mixed)) as RankingInput;
      expect(canonicalText(rank(again))).toBe(canonicalText(rank(given)));
      expect(replay(again, rank(given).entries)).toMatchObject({ isSame: true });
    }),
  );
});

const UNPLACED = new Set(['AUTHOR_SHARE', 'NO_ROOM', 'NOT_DRAWN']);

test('at most one of five in a row is by the same author, or of as many as there are authors, across pages too', () => {
  fc.assert(
    fc.property(input, (given) => {
      if (given.algorithm === 'chronological' || given.algorithm === 'editorial') return;
      const authorOf = new Map(given.candidates.map(({ id, authorId }) => [id, authorId]));
      const before = [...new Set(given.authorsBefore)];
      const { entries, rejected } = rank({ ...given, authorsBefore: before });
      const isPlaceable = new Set(
        [...entries, ...rejected.filter(({ reason }) => UNPLACED.has(reason))].map(({ id }) => id),
      );
      const among = given.candidates.filter(({ id }) => isPlaceable.has(id));
      const inARow = Math.min(5, new Set(among.map(({ authorId }) => authorId)).size);
      const authors = [...before, ...entries.map(({ id }) => authorOf.get(id)!)];
      for (let start = 0; start + inARow <= authors.length; start++) {
        const row = authors.slice(start, start + inARow);
        expect(new Set(row).size).toBe(inARow);
      }
      if (inARow === 1)
        expect(rejected.some(({ reason }) => reason === 'AUTHOR_SHARE')).toBe(false);
    }),
  );
});

test('what an author pays changes nothing: there is no place for it, and what is put there anyway is not read', () => {
  // The facts of a candidate are these and no others: whoever adds one decides here that it is not for sale.
  const facts: Record<keyof Candidate, true> = {
    id: true,
    authorId: true,
    source: true,
    publishedAt: true,
    hashtags: true,
    language: true,
    isLocal: true,
    isDescribed: true,
    isPicked: true,
    trendPlace: true,
    positives: true,
    viewers: true,
    views: true,
    completions: true,
    isOwn: true,
    isSeen: true,
    isAi: true,
  };
  expect(
    Object.keys(facts).filter((name) => /pay|plan|paid|entitle|sponsor|tier/i.test(name)),
  ).toEqual([]);
  const paid = fc.record({
    plan: fc.string(),
    paidCents: fc.nat(),
    entitlements: fc.dictionary(fc.string(), fc.nat()),
  });
  fc.assert(
    fc.property(input, fc.array(paid, { minLength: 5, maxLength: 5 }), (given, payments) => {
      const candidates = given.candidates.map((each, index) => ({
        ...each,
        ...payments[index % 5],
      }));
      expect(rank({ ...given, candidates })).toEqual(rank(given));
    }),
  );
});

test('without a profile nothing of it is weighed', () => {
  const weights = effectiveWeights(FOR_YOU, { CREATOR_AFFINITY: 500 }, false);
  expect(weights).toMatchObject({
    CREATOR_AFFINITY: 0,
    HASHTAG_AFFINITY: 0,
    NOVELTY: 0,
    NEGATIVE_FEEDBACK: 0,
    FRESHNESS: 250,
  });
});

test('chosen weights stay within their bounds, and those that are fixed do not move', () => {
  const chosen = { FRESHNESS: 9_000, LOCALITY: -5, NEGATIVE_FEEDBACK: 0 };
  expect(effectiveWeights(FOR_YOU, chosen, true)).toMatchObject({
    FRESHNESS: 600,
    LOCALITY: 0,
    NEGATIVE_FEEDBACK: 500,
  });
});

test('powers of two halve exactly, and fall in between', () => {
  expect(decay(0, HOUR)).toBe(1_000_000);
  expect(decay(HOUR, HOUR)).toBe(500_000);
  expect(decay(10 * HOUR, HOUR)).toBe(977);
  expect(decay(HOUR / 2, HOUR)).toBe(707_107);
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (one, other) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      expect(decay(less, 50_000)).toBeGreaterThanOrEqual(decay(more, 50_000));
      expect(Math.abs(decay(one, 50_000) - 1_000_000 * 2 ** (-one / 50_000))).toBeLessThanOrEqual(
        1,
      );
    }),
  );
});

test('one place of ten is drawn by lot, never the first, and another seed draws another', () => {
  const blank = {
    hashtags: [],
    language: null,
    isLocal: true,
    isDescribed: false,
    isPicked: false,
  };
  const counts = { trendPlace: null, positives: 0, viewers: 0, views: 0, completions: 0 };
  const candidates = Array.from({ length: 200 }, (_, index) => ({
    ...blank,
    ...counts,
    id: `post-${1000 + index}`,
    authorId: `author-${index}`,
    source: index < 100 ? ('FOLLOWED_ACCOUNT' as const) : ('EXPLORATION' as const),
    publishedAt: NOW - index * HOUR,
    isOwn: false,
    isSeen: false,
    isAi: false,
  }));
  const given = (seed: string): RankingInput => ({
    algorithm: FOR_YOU.slug,
    version: FOR_YOU.version,
    computedAt: NOW,
    seed,
    weights: effectiveWeights(FOR_YOU, {}, false),
    viewer: { languages: [], mutedHashtags: [], hiddenAuthors: [], hidesAi: false, profile: null },
    authorsBefore: [],
    candidates,
  });
  const { entries } = rank(given('one'));
  for (let start = 0; start < entries.length; start += 10) {
    const ten = entries.slice(start, start + 10);
    expect(ten.filter(({ source }) => source === 'EXPLORATION')).toHaveLength(1);
  }
  expect(entries[0]!.source).toBe('FOLLOWED_ACCOUNT');
  expect(rank(given('two')).entries.map(({ id }) => id)).not.toEqual(entries.map(({ id }) => id));
});

test('the published vectors still come out', () => {
  const vectors = JSON.parse(readFileSync('src/ranking/vectors.json', 'utf8')) as {
    name: string;
    input: RankingInput;
    places: { id: string; score: number }[];
  }[];
  expect(new Set(vectors.map(({ input: given }) => given.algorithm)).size).toBe(ALGORITHMS.length);
  for (const { input: given, places } of vectors)
    expect(replay(given, places)).toMatchObject({ isSame: true, firstDifference: null });
});

test('a replay names the first place that differs', () => {
  const [vector] = JSON.parse(readFileSync('src/ranking/vectors.json', 'utf8')) as {
    input: RankingInput;
    places: { id: string; score: number }[];
  }[];
  const places = vector!.places.map((place, index) =>
    index === 1 ? { ...place, score: place.score + 1 } : place,
  );
  expect(replay(vector!.input, places)).toMatchObject({ isSame: false, firstDifference: 2 });
});

test('algorithms are complete: the version is the newest of the changelog, weights are within bounds', () => {
  for (const { version, changelog, signals } of ALGORITHMS) {
    expect(changelog[0]!.version).toBe(version);
    for (const { weight, min, max } of signals) {
      expect(weight).toBeGreaterThanOrEqual(min);
      expect(weight).toBeLessThanOrEqual(max);
    }
  }
  expect(ALGORITHMS[0]).toBe(CHRONOLOGICAL);
});
