/** What is on a story, and what others did with it. */
import { Args, ArgsType, Ctx, Field, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { ActorId } from '../../actors/actor.entity.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { isUuid } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { findStoryMentions } from '../stories.queries.js';
import {
  findAnswersOfStories,
  findReactionsOfStories,
  type StoryReactionRow,
} from '../story-answers.queries.js';
import type { StickerRow } from '../story-stickers.queries.js';
import type { StoryId } from '../story.entity.js';
import { stickersOfStoryLoader, StoryStickerType } from './sticker.type.js';
import {
  StoryAnswerConnection,
  StoryReactionConnection,
  toStoryAnswerSource,
  type StoryAnswerSource,
} from './story-answer.type.js';
import { StoryType, type StorySource } from './story.type.js';

/** Arguments of the answers to a story. */
@ArgsType()
export class StoryAnswerArgs extends PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: 'Index of a question sticker, to list the answers to it only; null = all answers.',
  })
  stickerIndex?: number | null;
}

const mentionsLoader = defineLoader<StoryId, ActorId[]>(async (context, ids) => {
  const mentions = new Map<StoryId, ActorId[]>(ids.map((id) => [id, []]));
  for (const { storyId, actorId } of await findStoryMentions(context.database, ids))
    mentions.get(storyId)!.push(actorId);
  return mentions;
});

const answersLoader = definePageLoader((context, ids, stickerIndex: number | null, request) =>
  findAnswersOfStories(
    context.database,
    ids,
    stickerIndex,
    request,
    requireViewer(context).actorId,
  ),
);

const reactionsLoader = definePageLoader((context, ids, _variant: null, request) =>
  findReactionsOfStories(context.database, ids, request, requireViewer(context).actorId),
);

const LAST_STICKER = 99;

@Resolver(() => StoryType)
export class StoryDeedFields {
  @FieldResolver(() => [StoryStickerType], { description: 'Stickers on it, at most 10.' })
  @ListSize({ assumedSize: 3 })
  async stickers(
    @Root() story: StorySource,
    @Ctx() context: GraphQLContext,
  ): Promise<readonly StickerRow[]> {
    return (await load(context, stickersOfStoryLoader, story.id)) ?? [];
  }

  @FieldResolver(() => [ActorType], {
    description: 'Whom its caption or a sticker mentions; they may see it.',
  })
  @ListSize({ assumedSize: 3 })
  async mentions(
    @Root() story: StorySource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource[]> {
    const ids = (await load(context, mentionsLoader, story.id)) ?? [];
    const actors = await Promise.all(ids.map((id) => load(context, actorLoader, id)));
    return actors.filter((actor) => actor !== null);
  }

  @FieldResolver(() => Boolean, {
    description: 'The viewer may answer it with answerStory. False for anonymous requests.',
  })
  viewerCanAnswer(@Root() story: StorySource, @Ctx() { viewer }: GraphQLContext): boolean {
    return story.allowsAnswers && viewer !== null && viewer.actorId !== story.authorId;
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description: 'It stays in the archive past its end. Null for everybody but its author.',
  })
  isKeptInArchive(@Root() story: StorySource, @Ctx() { viewer }: GraphQLContext): boolean | null {
    return viewer?.actorId === story.authorId ? story.isKept : null;
  }

  @FieldResolver(() => StoryReactionConnection, {
    nullable: true,
    description:
      'Reactions to it, the latest first, without those from behind a block. Null for everybody but its author.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async reactions(
    @Root() story: StorySource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<StoryReactionRow> | null> {
    if (context.viewer?.actorId !== story.authorId) return null;
    const request = readPage(args, 1, isUuid);
    const key = { ownerId: story.id, variant: null, request };
    const page = await load(context, reactionsLoader, key);
    return toConnection(
      page!,
      (row) => [row.id],
      (row) => row,
    );
  }

  @FieldResolver(() => StoryAnswerConnection, {
    nullable: true,
    description:
      'Answers to it and to questions on it, the latest first, without those from behind a block. Null for everybody but its author.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async answers(
    @Root() story: StorySource,
    @Args(() => StoryAnswerArgs) args: StoryAnswerArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<StoryAnswerSource> | null> {
    if (context.viewer?.actorId !== story.authorId) return null;
    const request = readPage(args, 1, isUuid);
    const { stickerIndex = null } = args;
    const variant =
      stickerIndex === null ? null : Math.min(Math.max(stickerIndex, -1), LAST_STICKER);
    const page = await load(context, answersLoader, { ownerId: story.id, variant, request });
    return toConnection(page!, (row) => [row.id], toStoryAnswerSource);
  }
}
