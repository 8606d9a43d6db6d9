/** Algorithms as the API publishes them. */
import { Field, FieldResolver, Float, Int, ObjectType, Resolver } from 'type-graphql';
import { InstanceType } from '../../accounts/graphql/instance.type.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize } from '../../platform/graphql/directives.js';
import {
  ADJUSTMENTS,
  type AdjustmentKey,
  type Algorithm,
  type AlgorithmChange,
} from '../../ranking/algorithm.js';
import { ALGORITHMS, CHRONOLOGICAL } from '../../ranking/algorithms.js';
import { CANDIDATE_SOURCES, type CandidateSource } from '../../ranking/ranking-input.js';
import { SIGNALS, WEIGHT_UNIT, type Signal } from '../../ranking/signal.js';

/** GraphQL enum of the signals. */
export const RankingSignalEnum = describedEnum(
  'RankingSignal',
  'What an algorithm can weigh, each with its formula.',
  SIGNALS,
);

/** GraphQL enum of the sources. */
export const CandidateSourceEnum = describedEnum(
  'CandidateSource',
  'Where a post of a feed comes from. Nothing can be paid for.',
  CANDIDATE_SOURCES,
);

/** GraphQL enum of the adjustments. */
export const RankingAdjustmentEnum = describedEnum(
  'RankingAdjustmentKey',
  'Why a post has another place than its signals give it.',
  ADJUSTMENTS,
);

@ObjectType('CandidateSourceConfig', {
  description: 'How many candidates an algorithm takes from a source.',
  simpleResolvers: true,
})
export class CandidateSourceConfig {
  @Field(() => CandidateSourceEnum, { description: 'The source.' })
  source!: CandidateSource;

  @Field(() => Int, { description: 'Most candidates of one computation.' })
  limit!: number;
}

@ObjectType('SignalConfig', {
  description: 'Weight, bounds and formula of a signal.',
  simpleResolvers: true,
})
export class SignalConfig {
  @Field(() => RankingSignalEnum, { description: 'The signal.' })
  signal!: Signal;

  @Field(() => Float, { description: 'Weight unless the viewer chose another one.' })
  weight!: number;

  @Field(() => Float, { description: 'Least weight that the viewer can choose.' })
  minWeight!: number;

  @Field(() => Float, { description: 'Greatest weight that the viewer can choose.' })
  maxWeight!: number;

  @Field(() => Boolean, { description: 'The viewer can choose the weight.' })
  isAdjustable!: boolean;

  @Field(() => String, { description: 'How the signal is computed, in English.' })
  formula!: string;
}

@ObjectType('AdjustmentConfig', {
  description: 'A rule that changes places after the signals.',
  simpleResolvers: true,
})
export class AdjustmentConfig {
  @Field(() => RankingAdjustmentEnum, { description: 'The rule.' })
  key!: AdjustmentKey;

  @Field(() => Int, { description: 'So many places in a row that it speaks of.' })
  places!: number;

  @Field(() => String, { description: 'What it does, in English.' })
  description!: string;
}

@ObjectType('AlgorithmChange', {
  description: 'An entry of the public changelog of an algorithm.',
  simpleResolvers: true,
})
export class AlgorithmChangeType implements AlgorithmChange {
  @Field(() => String, { description: 'Version that came with it.' })
  version!: string;

  @Field(() => String, { description: 'Day of the change, as 2026-11-28.' })
  changedOn!: string;

  @Field(() => String, { description: 'What changed, in English.' })
  summary!: string;
}

@ObjectType('FeedAlgorithm', {
  description:
    'A published recipe of a feed. There are no hidden inputs: score = Σ weight × signal + adjustments, and the order is that of the scores.',
  simpleResolvers: true,
})
export class FeedAlgorithmType {
  @Field(() => String, { description: 'Its name in `feed(algorithm:)`.' })
  slug!: string;

  @Field(() => String, { description: 'Name for people, in English.' })
  name!: string;

  @Field(() => String, { description: 'What it shows, in English.' })
  description!: string;

  @Field(() => String, { description: 'Changes with every weight, formula and rule.' })
  version!: string;

  @Field(() => Boolean, {
    description:
      'It makes use of what the viewer did, where the viewer has turned that on; otherwise it works without.',
  })
  usesProfiling!: boolean;

  @Field(() => Boolean, { description: 'It is shown to whoever has chosen nothing.' })
  isDefault!: boolean;

  @Field(() => [CandidateSourceConfig], { description: 'Where its posts come from.' })
  @ListSize({ assumedSize: 8 })
  candidateSources!: readonly CandidateSourceConfig[];

  @Field(() => [SignalConfig], { description: 'What it weighs.' })
  @ListSize({ assumedSize: 12 })
  signals!: readonly SignalConfig[];

  @Field(() => [AdjustmentConfig], { description: 'What it changes afterwards.' })
  @ListSize({ assumedSize: 2 })
  adjustments!: readonly AdjustmentConfig[];

  @Field(() => [AlgorithmChangeType], { description: 'Every version, the newest first.' })
  @ListSize({ assumedSize: 20 })
  changelog!: readonly AlgorithmChange[];
}

/** Shapes an algorithm. */
export function toAlgorithmSource(algorithm: Algorithm): FeedAlgorithmType {
  const { slug, name, description, version, usesProfile, sources, changelog } = algorithm;
  return {
    slug,
    name,
    description,
    version,
    usesProfiling: usesProfile,
    isDefault: algorithm === CHRONOLOGICAL,
    candidateSources: sources,
    signals: algorithm.signals.map(({ signal, weight, min, max }) => ({
      signal,
      weight: weight / WEIGHT_UNIT,
      minWeight: min / WEIGHT_UNIT,
      maxWeight: max / WEIGHT_UNIT,
      isAdjustable: min < max,
      formula: SIGNALS[signal],
    })),
    adjustments: adjustmentsOf(algorithm),
    changelog,
  };
}

function adjustmentsOf({ diversityWindow, explorationEvery }: Algorithm): AdjustmentConfig[] {
  const of = (key: AdjustmentKey, places: number | null) =>
    places === null ? [] : [{ key, places, description: ADJUSTMENTS[key] }];
  return [...of('AUTHOR_DIVERSITY', diversityWindow), ...of('EXPLORATION', explorationEvery)];
}

@Resolver(() => InstanceType)
export class InstanceFeedFields {
  @FieldResolver(() => [FeedAlgorithmType], {
    description: 'Every feed with its recipe and its history; public.',
  })
  @ListSize({ assumedSize: 4 })
  feedAlgorithms(): FeedAlgorithmType[] {
    return ALGORITHMS.map(toAlgorithmSource);
  }
}
