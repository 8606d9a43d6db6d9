/** What the viewer chose for feeds, and what is known of them. */
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Float,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { ViewerSource } from '../../accounts/graphql/viewer.loader.js';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { ActorId } from '../../actors/actor.entity.js';
import { Invalid } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { Cost, ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import {
  hashtagLoader,
  HashtagType,
  type HashtagSource,
} from '../../posts/graphql/hashtag.type.js';
import { findAlgorithm, FOR_YOU } from '../../ranking/algorithms.js';
import { effectiveWeights } from '../../ranking/rank.js';
import { actsInWords } from '../explanation.js';
import { findFeedPreferences, type FeedPreferences } from '../feed-preferences.queries.js';
import { findInterests, INTEREST_KINDS, type InterestKind } from '../interests.queries.js';
import { findHiddenAuthors } from '../profile.queries.js';
import { FeedAlgorithmType, toAlgorithmSource } from './feed-algorithm.type.js';
import { SignalWeightType, toWeights } from './feed-snapshot.type.js';

const InterestKindEnum = describedEnum(
  'InterestKind',
  'What an interest is about.',
  INTEREST_KINDS,
);
const MOST_LISTED = 100;

/** Choices as resolvers see them. */
export interface FeedPreferencesSource extends Omit<FeedPreferences, 'weights'> {
  readonly ownerId: ActorId;
  readonly stored: FeedPreferences;
}

@ObjectType('FeedPreferences', {
  description: 'What the viewer chose for feeds. Only the viewer ever sees it.',
})
export class FeedPreferencesType {
  @Field(() => [String], {
    description: 'Hashtags whose posts are left out of the feed `for-you`, without #.',
  })
  mutedHashtags!: string[];

  @Field(() => Int, {
    nullable: true,
    description: 'How long the viewer wants to watch in a day; null = no limit.',
  })
  dailyLimitMinutes!: number | null;
}

@Resolver(() => FeedPreferencesType)
export class FeedPreferencesFields {
  @FieldResolver(() => FeedAlgorithmType, { description: 'The feed where none is named.' })
  defaultAlgorithm(@Root() { stored }: FeedPreferencesSource): FeedAlgorithmType {
    return toAlgorithmSource(findAlgorithm(stored.algorithm)!);
  }

  @FieldResolver(() => Boolean, {
    description:
      'The feed `for-you` may make use of what the viewer did with posts. False until the viewer turns it on.',
  })
  profilingEnabled(@Root() { stored }: FeedPreferencesSource): boolean {
    return stored.isProfiled;
  }

  @FieldResolver(() => [SignalWeightType], {
    description: 'Weights in effect for `for-you`; those of a profile are 0 while it is off.',
  })
  @ListSize({ assumedSize: 12 })
  weights(@Root() { stored }: FeedPreferencesSource): SignalWeightType[] {
    return toWeights(effectiveWeights(FOR_YOU, stored.weights, stored.isProfiled));
  }

  @FieldResolver(() => Boolean, {
    description: 'Posts whose authors say that AI was used are left out of `for-you`.',
  })
  excludeAi(@Root() { stored }: FeedPreferencesSource): boolean {
    return stored.hidesAi;
  }

  @FieldResolver(() => [ActorType], {
    description:
      'Authors who are left out of `for-you`, the last hidden first; they never learn of it.',
  })
  @ListSize({ slicingArguments: ['first'] })
  async hiddenAuthors(
    @Root() { ownerId }: FeedPreferencesSource,
    @Arg('first', () => Int, { defaultValue: 20, description: `Wanted, 1–${MOST_LISTED}.` })
    first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource[]> {
    requireSize(first);
    const ids = (await findHiddenAuthors(context.database, ownerId)).slice(0, first);
    const actors = await Promise.all(ids.map((id) => load(context, actorLoader, id)));
    return actors.filter((actor) => actor !== null);
  }
}

@ObjectType('Interest', {
  description:
    'What the viewer’s own acts say of an author or a hashtag, made anew each time. Only the viewer ever sees it; resetInterests forgets it.',
  simpleResolvers: true,
})
export class InterestType {
  @Field(() => InterestKindEnum, { description: 'What it is about.' })
  kind!: InterestKind;

  @Field(() => ActorType, { nullable: true, description: 'The author; null for a hashtag.' })
  actor!: ActorSource | null;

  @Field(() => HashtagType, {
    nullable: true,
    description: 'The hashtag; null for an author, or when the viewer sees no post with it now.',
  })
  hashtag!: HashtagSource | null;

  @Field(() => Float, {
    description: 'Between 0 and 1: the signal CREATOR_AFFINITY, or that of one hashtag.',
  })
  score!: number;

  @Field(() => String, {
    description: 'The newest acts that made it, at most 20, in the language of the request.',
  })
  evidence!: string;

  @Field(() => DateTimeScalar, { description: 'The last act.' })
  updatedAt!: Date;
}

@Resolver(() => ViewerType)
export class ViewerFeedFields {
  @FieldResolver(() => FeedPreferencesType, { description: 'Choices for feeds.' })
  @RequiresScope('read:feeds')
  feedPreferences(
    @Root() { actorId }: ViewerSource,
    @Ctx() context: GraphQLContext,
  ): Promise<FeedPreferencesSource> {
    return loadPreferences(context, actorId);
  }

  @FieldResolver(() => [InterestType], {
    description:
      'Everything that the feed `for-you` knows of the viewer, the strongest first, each with the acts that made it. Empty while profiling is off: then nothing is known.',
  })
  @RequiresScope('read:feeds')
  @Cost(10)
  @ListSize({ slicingArguments: ['first'] })
  async interestProfile(
    @Root() { actorId }: ViewerSource,
    @Arg('first', () => Int, { defaultValue: 50, description: `Wanted, 1–${MOST_LISTED}.` })
    first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<InterestType[]> {
    requireSize(first);
    const { database, clock, locale } = context;
    const rows = await findInterests(database, actorId, clock.now(), first);
    return Promise.all(
      rows.map(async ({ kind, actorId: authorId, hashtagId, score, acts, updatedAt }) => ({
        kind,
        actor: authorId && (await load(context, actorLoader, authorId)),
        hashtag: hashtagId && (await load(context, hashtagLoader, hashtagId)),
        score,
        evidence: actsInWords(acts, locale),
        updatedAt,
      })),
    );
  }
}

/** Choices of the viewer. */
export async function loadPreferences(
  { database }: Pick<GraphQLContext, 'database'>,
  ownerId: ActorId,
): Promise<FeedPreferencesSource> {
  const stored = await findFeedPreferences(database, ownerId);
  const { weights: _, ...rest } = stored;
  return { ...rest, ownerId, stored };
}

function requireSize(first: number): void {
  if (first >= 1 && first <= MOST_LISTED) return;
  throw new Invalid(`Ask for 1–${MOST_LISTED}.`, ['first'], 'RANGE', `1–${MOST_LISTED}`);
}
