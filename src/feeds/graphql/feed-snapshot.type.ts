/** A stored order, for the person whose feed it is. */
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Invalid } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { parseGlobalId } from '../../platform/ids.js';
import { hasAnyScope } from '../../platform/scopes.js';
import { postLoader, type PostSource } from '../../posts/graphql/post.loader.js';
import { PostType } from '../../posts/graphql/post.type.js';
import { REJECTIONS, type Rejection } from '../../ranking/algorithm.js';
import { findAlgorithm } from '../../ranking/algorithms.js';
import { SIGNAL_NAMES, WEIGHT_UNIT, type Signal } from '../../ranking/signal.js';
import { findStanding } from '../candidates.queries.js';
import type { FeedSnapshotId } from '../feed.js';
import type { FeedSnapshot, Weights } from '../snapshot.js';
import { findRejected, findSnapshots } from '../snapshots.queries.js';
import { RankingExplanationType, type ExplanationSource } from './explanation.type.js';
import { FeedAlgorithmType, RankingSignalEnum, toAlgorithmSource } from './feed-algorithm.type.js';

const RejectionEnum = describedEnum(
  'CandidateRejection',
  'Why a candidate has no place.',
  REJECTIONS,
);
const MOST_REJECTED = 300;

/** A snapshot as resolvers see it. */
export interface FeedSnapshotSource
  extends NodeSource, Omit<FeedSnapshot, 'algorithm' | 'weights' | 'entries'> {
  readonly id: FeedSnapshotId;
  readonly stored: FeedSnapshot;
}

@ObjectType('SignalWeight', { description: 'A weight in effect.', simpleResolvers: true })
export class SignalWeightType {
  @Field(() => RankingSignalEnum, { description: 'The signal.' })
  signal!: Signal;

  @Field(() => Float, { description: 'Its weight.' })
  weight!: number;
}

/** Shapes weights, in the order of the signals. */
export function toWeights(weights: Weights): SignalWeightType[] {
  return SIGNAL_NAMES.flatMap((signal) => {
    const weight = weights[signal];
    return weight === undefined ? [] : [{ signal, weight: weight / WEIGHT_UNIT }];
  });
}

@ObjectType('FeedEntry', { description: 'A place of a stored order.', simpleResolvers: true })
export class FeedEntryType {
  @Field(() => Int, { description: 'From 1 on.' })
  rank!: number;

  @Field(() => PostType, {
    nullable: true,
    description:
      'The post; null when it is gone since, or the viewer may not or does not want to see it any more.',
  })
  post!: PostSource | null;

  @Field(() => RankingExplanationType, { description: 'Why it stands there.' })
  explanation!: ExplanationSource;
}

@ObjectType('RejectedCandidate', {
  description: 'A candidate that has no place in a stored order.',
  simpleResolvers: true,
})
export class RejectedCandidateType {
  @Field(() => PostType, {
    nullable: true,
    description: 'The post; null when it is gone since, or the viewer may not see it any more.',
  })
  post!: PostSource | null;

  @Field(() => RejectionEnum, { description: 'Why it has none.' })
  reason!: Rejection;
}

@ObjectType('FeedSnapshot', {
  implements: [Node],
  description:
    'One computation of a feed, kept for seven days so that it can be looked at and computed again. Only for whom it was made; those of people who are not signed in are shared for five minutes and kept for a day.',
  simpleResolvers: true,
})
export class FeedSnapshotType {
  @Field(() => String, { description: 'Version of the algorithm that computed it.' })
  version!: string;

  @Field(() => DateTimeScalar, { description: 'When it was computed.' })
  computedAt!: Date;

  @Field(() => String, { description: 'Seed of the lottery, hexadecimal.' })
  seed!: string;

  @Field(() => String, {
    description:
      'SHA-256 over everything that the order depends on, hexadecimal. `triptych feed replay` computes the order again from it.',
  })
  inputDigest!: string;

  @Field(() => DateTimeScalar, { description: 'Until when it is kept.' })
  expiresAt!: Date;
}

/** Shapes a row. */
export function toSnapshotSource(stored: FeedSnapshot): FeedSnapshotSource {
  const { algorithm: _, weights: __, entries: ___, ...rest } = stored;
  return { ...rest, nodeType: 'FeedSnapshot', stored };
}

/** Snapshots of the viewer, whose token may read feeds. */
export const feedSnapshotLoader = defineLoader<FeedSnapshotId, FeedSnapshotSource>(
  async ({ viewer, database, clock }, ids) => {
    const viewerId = viewer && hasAnyScope(viewer.scopes, ['read:feeds']) ? viewer.actorId : null;
    const rows = await findSnapshots(database, ids, viewerId, clock.now());
    return new Map(rows.map((row) => [row.id, toSnapshotSource(row)]));
  },
);

/** `feedsnapshot_…` ids. */
export const feedSnapshotNode = defineNode('feedsnapshot', ['FeedSnapshot'], feedSnapshotLoader);

@Resolver(() => FeedSnapshotType)
export class FeedSnapshotFields {
  @Query(() => FeedSnapshotType, {
    nullable: true,
    description:
      'An earlier page of a feed as it was computed; null when it is not kept any more, was made for somebody else, or the token lacks the scope read:feeds.',
  })
  feedSnapshot(
    @Arg('id', () => ID, { description: 'Id of a snapshot.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<FeedSnapshotSource | null> | null {
    const parsed = parseGlobalId(id);
    if (parsed?.kind !== 'feedsnapshot') return null;
    return load(context, feedSnapshotLoader, parsed.id as FeedSnapshotId);
  }

  @FieldResolver(() => FeedAlgorithmType, {
    description: 'The algorithm as it is now; `version` says which one computed the order.',
  })
  algorithm(@Root() { stored }: FeedSnapshotSource): FeedAlgorithmType {
    return toAlgorithmSource(findAlgorithm(stored.algorithm)!);
  }

  @FieldResolver(() => [SignalWeightType], { description: 'Weights that it was computed with.' })
  @ListSize({ assumedSize: 12 })
  weights(@Root() { stored }: FeedSnapshotSource): SignalWeightType[] {
    return toWeights(stored.weights);
  }

  @FieldResolver(() => [FeedEntryType], { description: 'The order, at most a hundred places.' })
  @ListSize({ assumedSize: 100 })
  async entries(
    @Root() { stored }: FeedSnapshotSource,
    @Ctx() context: GraphQLContext,
  ): Promise<FeedEntryType[]> {
    const asked = { viewerId: stored.ownerId, now: context.clock.now(), choice: stored.choice };
    const ids = stored.entries.map(({ id }) => id);
    const algorithm = findAlgorithm(stored.algorithm)!;
    const standing = await findStanding(context.database, algorithm, asked, ids);
    return Promise.all(
      stored.entries.map(async (entry, index) => {
        const isStanding = standing.has(entry.id);
        return {
          rank: index + 1,
          post: isStanding ? await load(context, postLoader, entry.id) : null,
          explanation: { entry, snapshot: stored, isStanding },
        };
      }),
    );
  }

  @FieldResolver(() => [RejectedCandidateType], {
    description: `Candidates without a place, and why.`,
  })
  @ListSize({ slicingArguments: ['first'] })
  async rejected(
    @Root() { id }: FeedSnapshotSource,
    @Arg('first', () => Int, { defaultValue: 50, description: `Wanted, 1–${MOST_REJECTED}.` })
    first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<RejectedCandidateType[]> {
    if (first < 1 || first > MOST_REJECTED) {
      const range = `1–${MOST_REJECTED}`;
      throw new Invalid(`Ask for ${range}.`, ['first'], 'RANGE', range);
    }
    const viewerId = context.viewer?.actorId ?? null;
    const rows = await findRejected(context.database, id, viewerId, context.clock.now());
    return Promise.all(
      rows.slice(0, first).map(async ({ id: postId, reason }) => ({
        post: await load(context, postLoader, postId),
        reason,
      })),
    );
  }
}
