/** Stickers as viewers see them. */
import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Float,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { ActorConnection, type ActorEdgeSource } from '../../actors/graphql/actor.connection.js';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { placeLoader, PlaceType, type PlaceSource } from '../../places/graphql/place.type.js';
import { readPage } from '../../platform/db/page.js';
import { PageArgs, type ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { DateTimeScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import { isUuid } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { foldHashtag } from '../../posts/content/hashtag.js';
import { toActorConnection } from '../../actors/graphql/actor-page.js';
import {
  hashtagByNameLoader,
  HashtagType,
  type HashtagSource,
} from '../../posts/graphql/hashtag.type.js';
import { STICKER_KINDS, type StickerKind } from '../sticker.js';
import {
  findStickers,
  findVoters,
  stickerKey,
  type StickerRow,
} from '../story-stickers.queries.js';
import type { StoryId } from '../story.entity.js';

/** GraphQL enum of the kinds. */
export const StickerKindEnum = describedEnum<StickerKind>(
  'StickerKind',
  'Kinds of stickers on stories. More may come.',
  STICKER_KINDS,
);

@ObjectType('StorySticker', {
  description:
    'Something at a point of a story that can be touched. Whoever sees the story sees it.',
  simpleResolvers: true,
})
export class StoryStickerType {
  @Field(() => Int, {
    description: 'Its place in the story, by which answerStorySticker names it.',
  })
  index!: number;

  @Field(() => StickerKindEnum, { description: 'What it is.' })
  kind!: StickerKind;

  @Field(() => Float, { description: 'From 0 (left) to 1 (right).' })
  x!: number;

  @Field(() => Float, { description: 'From 0 (top) to 1 (bottom).' })
  y!: number;

  @Field(() => Float, { description: 'Degrees clockwise, from -180 to 180.' })
  rotation!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Words on it: the question of a poll or question, those of a countdown or link, the hashtag without #; null where it has none.',
  })
  label!: string | null;

  @Field(() => [String], { description: 'Options of a poll; empty for other kinds.' })
  options!: readonly string[];

  @Field(() => [Int], {
    nullable: true,
    description:
      'Votes for each option. Null unless it is a poll in which the viewer has voted, or of an own story.',
  })
  results!: readonly number[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Index of the option that the viewer chose; null when there is none.',
  })
  viewerVote!: number | null;

  @Field(() => UrlScalar, { nullable: true, description: 'Of a link; null for other kinds.' })
  url!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When a countdown ends; null for other kinds.',
  })
  endsAt!: Date | null;
}

/** Arguments of the voters of a poll. */
@ArgsType()
export class VoterArgs extends PageArgs {
  @Field(() => Int, { description: 'Index of the option that they chose.' })
  optionIndex!: number;
}

/** Stickers of stories that the viewer is known to see. */
export const stickersOfStoryLoader = defineLoader<StoryId, StickerRow[]>(async (context, ids) => {
  const rows = await findStickers(context.database, ids, context.readerId);
  return Map.groupBy(rows, ({ storyId }) => storyId);
});

const votersLoader = definePageLoader((context, keys, optionIndex: number, request) =>
  findVoters(context.database, keys, optionIndex, request, requireViewer(context).actorId),
);

const LAST_OPTION = 99;

@Resolver(() => StoryStickerType)
export class StoryStickerFields {
  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Whom it mentions; null for other kinds.',
  })
  actor(
    @Root() { actorId }: StickerRow,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> | null {
    return actorId && load(context, actorLoader, actorId);
  }

  @FieldResolver(() => HashtagType, {
    nullable: true,
    description:
      'Its hashtag; null for other kinds, and while no post that the viewer may see uses it.',
  })
  hashtag(
    @Root() { kind, label }: StickerRow,
    @Ctx() context: GraphQLContext,
  ): Promise<HashtagSource | null> | null {
    const name = kind === 'HASHTAG' && label !== null ? foldHashtag(label) : null;
    return name === null ? null : load(context, hashtagByNameLoader, name);
  }

  @FieldResolver(() => PlaceType, {
    nullable: true,
    description: 'Its place; null for other kinds.',
  })
  place(
    @Root() { placeId }: StickerRow,
    @Ctx() context: GraphQLContext,
  ): Promise<PlaceSource | null> | null {
    return placeId && load(context, placeLoader, placeId);
  }

  @FieldResolver(() => ActorConnection, {
    nullable: true,
    description:
      'Who chose an option of a poll, the latest first, without those behind a block. Null for everybody but the author of the story, and for other kinds.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async voters(
    @Root() sticker: StickerRow,
    @Args(() => VoterArgs) args: VoterArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<ActorSource, ActorEdgeSource> | null> {
    if (sticker.kind !== 'POLL' || context.viewer?.actorId !== sticker.authorId) return null;
    const request = readPage(args, 1, isUuid);
    const variant = Math.min(Math.max(args.optionIndex, -1), LAST_OPTION);
    const ownerId = stickerKey(sticker);
    return toActorConnection(
      context,
      (await load(context, votersLoader, { ownerId, variant, request }))!,
    );
  }
}
