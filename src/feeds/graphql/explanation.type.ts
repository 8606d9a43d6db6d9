/** The explanation of a place. */
import { Ctx, Field, FieldResolver, Float, ObjectType, Resolver, Root } from 'type-graphql';
import { actorLoader } from '../../actors/graphql/actor.loader.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { formatMessage } from '../../platform/messages/catalogue.js';
import { postLoader } from '../../posts/graphql/post.loader.js';
import type { AdjustmentKey } from '../../ranking/algorithm.js';
import type { CandidateSource } from '../../ranking/ranking-input.js';
import { SIGNAL_UNIT, WEIGHT_UNIT, type Signal } from '../../ranking/signal.js';
import { evidenceOf, summaryOf, type Named } from '../explanation.js';
import { FEED_CONTROLS, type FeedControl } from '../feed-control.js';
import { knowsProfile, unpackSignals, type FeedSnapshot, type StoredEntry } from '../snapshot.js';
import {
  CandidateSourceEnum,
  RankingAdjustmentEnum,
  RankingSignalEnum,
} from './feed-algorithm.type.js';
import {
  EditorialPickType,
  pickOfPostLoader,
  type EditorialPickSource,
} from './editorial-pick.type.js';

/** GraphQL enum of the controls. */
export const FeedControlEnum = describedEnum(
  'FeedControl',
  'What the viewer can do about a post in a feed.',
  FEED_CONTROLS,
);

const SCORE_UNIT = SIGNAL_UNIT * WEIGHT_UNIT;

/** An explanation as resolvers see it. */
export interface ExplanationSource {
  readonly entry: StoredEntry;
  readonly snapshot: FeedSnapshot;
  /** False when the post may not be shown: then numbers of it are not, either. */
  readonly isStanding: boolean;
}

@ObjectType('SignalContribution', {
  description: 'Share of one signal in a score.',
  simpleResolvers: true,
})
export class SignalContribution {
  @Field(() => RankingSignalEnum, { description: 'The signal.' })
  signal!: Signal;

  @Field(() => Float, {
    nullable: true,
    description:
      'As it was found: hours, points, people, times or places. Null where the author hides numbers from others, or the viewer wants to see none of others.',
  })
  raw!: number | null;

  @Field(() => Float, { description: 'Between 0 and 1, or −1 and 0 for NEGATIVE_FEEDBACK.' })
  normalized!: number;

  @Field(() => Float, { description: 'Weight that it was computed with.' })
  weight!: number;

  @Field(() => Float, { description: 'weight × normalized, exact in nine decimals.' })
  contribution!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'What it was found from, in the language of the request; null when the number says it all.',
  })
  evidence!: string | null;
}

@ObjectType('RankingAdjustment', {
  description: 'A change of a score after the signals.',
  simpleResolvers: true,
})
export class RankingAdjustmentType {
  @Field(() => RankingAdjustmentEnum, { description: 'The rule.' })
  key!: AdjustmentKey;

  @Field(() => Float, { description: 'What it added, exact in nine decimals.' })
  delta!: number;

  @Field(() => String, { description: 'Why, in the language of the request.' })
  reason!: string;
}

@ObjectType('RankingExplanation', {
  description:
    'Why a post stands where it stands. Contributions plus adjustments are the score, exactly so in billionths. Only for whoever sees the feed.',
})
export class RankingExplanationType {}

@Resolver(() => RankingExplanationType)
export class RankingExplanationFields {
  @FieldResolver(() => String, {
    description: 'One sentence, in the language of the request.',
  })
  async summary(
    @Root() source: ExplanationSource,
    @Ctx() context: GraphQLContext,
  ): Promise<string> {
    return summaryOf(source.entry, await namesOf(source, context));
  }

  @FieldResolver(() => CandidateSourceEnum, { description: 'Where the post comes from.' })
  source(@Root() { entry }: ExplanationSource): CandidateSource {
    return entry.source;
  }

  @FieldResolver(() => Float, {
    description: 'Its score, exact in nine decimals; a feed is in the order of scores.',
  })
  score(@Root() { entry }: ExplanationSource): number {
    return entry.score / SCORE_UNIT;
  }

  @FieldResolver(() => [SignalContribution], {
    description: 'Every signal with a weight above 0.',
  })
  @ListSize({ assumedSize: 12 })
  async contributions(
    @Root() source: ExplanationSource,
    @Ctx() context: GraphQLContext,
  ): Promise<SignalContribution[]> {
    const { entry, snapshot, isStanding } = source;
    const names = await namesOf(source, context);
    const post = isStanding ? await load(context, postLoader, entry.id) : null;
    const hidesNumbers = !post || post.hidesCounts;
    return unpackSignals(entry, snapshot.weights).map((part) => {
      const isHidden = hidesNumbers && part.signal === 'ENGAGEMENT_RATE';
      return {
        signal: part.signal,
        raw: isHidden ? null : part.raw / SIGNAL_UNIT,
        normalized: part.normalized / SIGNAL_UNIT,
        weight: part.weight / WEIGHT_UNIT,
        contribution: (part.weight * part.normalized) / SCORE_UNIT,
        evidence: isHidden ? null : evidenceOf(part, entry, names),
      };
    });
  }

  @FieldResolver(() => [RankingAdjustmentType], {
    description: 'What changed its place after the signals; mostly none.',
  })
  @ListSize({ assumedSize: 2 })
  adjustments(
    @Root() { entry }: ExplanationSource,
    @Ctx() { locale }: GraphQLContext,
  ): RankingAdjustmentType[] {
    return entry.adjustments.map(([key, delta]) => ({
      key,
      delta: delta / SCORE_UNIT,
      reason: formatMessage(locale, `feed.adjustment.${key}`),
    }));
  }

  @FieldResolver(() => EditorialPickType, {
    nullable: true,
    description: 'The pick of the staff that is in force; null when there is none.',
  })
  async editorialPick(
    @Root() { entry, isStanding }: ExplanationSource,
    @Ctx() context: GraphQLContext,
  ): Promise<EditorialPickSource | null> {
    return isStanding ? load(context, pickOfPostLoader, entry.id) : null;
  }

  @FieldResolver(() => [FeedControlEnum], {
    description: 'What the viewer can do about it; none when nobody is signed in.',
  })
  @ListSize({ assumedSize: 6 })
  controls(@Root() { snapshot }: ExplanationSource): FeedControl[] {
    if (snapshot.ownerId === null) return [];
    if (snapshot.algorithm !== 'for-you') return ['SWITCH_ALGORITHM'];
    const always: FeedControl[] = [
      'HIDE_AUTHOR',
      'MUTE_HASHTAG',
      'LOWER_SIGNAL',
      'SWITCH_ALGORITHM',
    ];
    return knowsProfile(snapshot.weights)
      ? ['LESS_LIKE_THIS', ...always, 'TURN_OFF_PROFILING']
      : always;
  }
}

async function namesOf(
  { entry, snapshot, isStanding }: ExplanationSource,
  context: GraphQLContext,
): Promise<Named> {
  const author = isStanding ? await load(context, actorLoader, entry.authorId) : null;
  return {
    locale: context.locale,
    author: author ? `@${author.username}${author.domain ? `@${author.domain}` : ''}` : '@…',
    isOwn: snapshot.ownerId === entry.authorId,
  };
}
