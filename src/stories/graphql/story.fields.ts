/** What stories, trays and profiles lead to. */
import { Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { ActorId } from '../../actors/actor.entity.js';
import { ActorConnection, type ActorEdgeSource } from '../../actors/graphql/actor.connection.js';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { MediaSource } from '../../media/graphql/media.loader.js';
import { MediaInterface } from '../../media/graphql/media.type.js';
import { readPage } from '../../platform/db/page.js';
import { PageArgs, type ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { isUuid } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { toActorConnection } from '../../actors/graphql/actor-page.js';
import { mediaOfPostLoader } from '../../posts/graphql/post-media.fields.js';
import { findStoriesOfAuthors } from '../stories.queries.js';
import { countStoryViewers, findStoryViewers } from '../story-views.queries.js';
import { StoryType, toStorySource, type StorySource } from './story.type.js';
import { trayLoader, StoryTrayType, type StoryTraySource } from './story-tray.type.js';

/** Unexpired stories by author. */
const storiesOfAuthorLoader = defineLoader<ActorId, StorySource[]>(async (context, ids) => {
  const viewerId = context.readerId;
  const rows = await findStoriesOfAuthors(context.database, ids, viewerId, context.clock.now());
  const byAuthor = Map.groupBy(rows.map(toStorySource), ({ authorId }) => authorId);
  return new Map(byAuthor);
});

const viewersLoader = definePageLoader((context, storyIds, _variant: null, request) =>
  findStoryViewers(context.database, storyIds, request, requireViewer(context).actorId),
);

const viewerCountLoader = defineLoader<string, number>(async (context, ids) => {
  const { actorId } = requireViewer(context);
  const rows = await countStoryViewers(context.database, ids, actorId);
  return new Map(rows.map(({ id, count }) => [id, count]));
});

@Resolver(() => StoryType)
export class StoryFields {
  @FieldResolver(() => ActorType, { description: 'Who made it.' })
  async author(@Root() story: StorySource, @Ctx() context: GraphQLContext): Promise<ActorSource> {
    return (await load(context, actorLoader, story.authorId))!;
  }

  @FieldResolver(() => MediaInterface, {
    description:
      'The picture. Its addresses end within the hour, for others than its author no later than the story: ask again.',
  })
  async media(@Root() story: StorySource, @Ctx() context: GraphQLContext): Promise<MediaSource> {
    const media = (await load(context, mediaOfPostLoader, story.mediaId))!;
    const hasEnd = !isOwn(context, story) && story.expiresAt > context.clock.now();
    return hasEnd ? { ...media, linksEnd: story.expiresAt } : media;
  }

  @FieldResolver(() => ActorConnection, {
    nullable: true,
    description:
      'Who marked it as seen, the latest first, without those behind a block. Null for everybody but its author.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async viewers(
    @Root() story: StorySource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<ActorSource, ActorEdgeSource> | null> {
    if (!isOwn(context, story)) return null;
    const request = readPage(args, 1, isUuid);
    const page = await load(context, viewersLoader, { ownerId: story.id, variant: null, request });
    return toActorConnection(context, page!);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'How many `viewers` has. Null for everybody but its author.',
  })
  @Cost(5)
  async viewerCount(
    @Root() story: StorySource,
    @Ctx() context: GraphQLContext,
  ): Promise<number | null> {
    return isOwn(context, story) ? load(context, viewerCountLoader, story.id) : null;
  }
}

@Resolver(() => StoryTrayType)
export class StoryTrayFields {
  @FieldResolver(() => ActorType, { description: 'Whose stories these are.' })
  async actor(@Root() tray: StoryTraySource, @Ctx() context: GraphQLContext): Promise<ActorSource> {
    return (await load(context, actorLoader, tray.id))!;
  }

  @FieldResolver(() => [StoryType], { description: 'The stories, the oldest first, at most 100.' })
  @ListSize({ assumedSize: 5 })
  async stories(
    @Root() tray: StoryTraySource,
    @Ctx() context: GraphQLContext,
  ): Promise<StorySource[]> {
    return (await load(context, storiesOfAuthorLoader, tray.id)) ?? [];
  }
}

@Resolver(() => ActorType)
export class ActorStoryFields {
  @FieldResolver(() => [StoryType], {
    description:
      'Unexpired stories of this actor that the viewer may see, the oldest first, at most 100.',
  })
  @ListSize({ assumedSize: 5 })
  async stories(
    @Root() actor: ActorSource,
    @Ctx() context: GraphQLContext,
  ): Promise<StorySource[]> {
    return (await load(context, storiesOfAuthorLoader, actor.id)) ?? [];
  }

  @FieldResolver(() => StoryTrayType, {
    nullable: true,
    description:
      'Unexpired stories of this actor as a tray, for a ring around the avatar; null when there is none that the viewer may see.',
  })
  storyTray(
    @Root() actor: ActorSource,
    @Ctx() context: GraphQLContext,
  ): Promise<StoryTraySource | null> {
    return load(context, trayLoader, actor.id);
  }
}

function isOwn({ viewer }: GraphQLContext, { authorId }: StorySource): boolean {
  return viewer?.actorId === authorId;
}
