/** What highlights show of their stories, and profiles of their highlights. */
import { Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { MediaSource } from '../../media/graphql/media.loader.js';
import { MediaInterface } from '../../media/graphql/media.type.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { mediaOfPostLoader } from '../../posts/graphql/post-media.fields.js';
import {
  countHighlightStories,
  findHighlightsOfOwners,
  findStoriesOfHighlights,
} from '../highlights.queries.js';
import {
  HighlightConnection,
  HighlightType,
  toHighlightSource,
  type HighlightSource,
} from './highlight.type.js';
import { StoryConnection } from './story.connection.js';
import { toStorySource, type StorySource } from './story.type.js';

const highlightsLoader = definePageLoader((context, ownerIds, _variant: null, request) => {
  const viewerId = context.readerId;
  const { database, clock } = context;
  return findHighlightsOfOwners(database, ownerIds, request, viewerId, clock.now());
});

const storiesLoader = definePageLoader((context, ids, _variant: null, request) => {
  const viewerId = context.readerId;
  const { database, clock } = context;
  return findStoriesOfHighlights(database, ids, request, viewerId, clock.now());
});

const countLoader = defineLoader<string, number>(async (context, ids) => {
  const viewerId = context.readerId;
  const { database, clock } = context;
  const rows = await countHighlightStories(database, ids, viewerId, clock.now());
  return new Map(rows.map(({ id, count }) => [id, count]));
});

const isPosition = (part: string): boolean => /^\d{1,9}$/.test(part);

@Resolver(() => HighlightType)
export class HighlightFields {
  @FieldResolver(() => ActorType, { description: 'Whose it is.' })
  async owner(
    @Root() highlight: HighlightSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource> {
    return (await load(context, actorLoader, highlight.ownerId))!;
  }

  @FieldResolver(() => MediaInterface, {
    nullable: true,
    description:
      'Picture of the story that the owner chose, else of the first one that the viewer sees; null when there is none.',
  })
  cover(
    @Root() { coverMediaId }: HighlightSource,
    @Ctx() context: GraphQLContext,
  ): Promise<MediaSource | null> | null {
    return coverMediaId && load(context, mediaOfPostLoader, coverMediaId);
  }

  @FieldResolver(() => Int, { description: 'Stories in it that the viewer may see.' })
  @Cost(5)
  async storyCount(
    @Root() highlight: HighlightSource,
    @Ctx() context: GraphQLContext,
  ): Promise<number> {
    return (await load(context, countLoader, highlight.id)) ?? 0;
  }

  @FieldResolver(() => StoryConnection, {
    description: 'Stories in it that the viewer may see, in the order that the owner chose.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async stories(
    @Root() highlight: HighlightSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<StorySource>> {
    const request = readPage(args, 1, isPosition);
    const key = { ownerId: highlight.id, variant: null, request };
    const page = await load(context, storiesLoader, key);
    return toConnection(page!, ({ place }) => [String(place)], toStorySource);
  }
}

@Resolver(() => ActorType)
export class ActorHighlightFields {
  @FieldResolver(() => HighlightConnection, {
    description:
      'Highlights of this actor of which the viewer may see a story, in the order that the actor chose.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async highlights(
    @Root() actor: ActorSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<HighlightSource>> {
    const request = readPage(args, 1, isPosition);
    const page = await load(context, highlightsLoader, {
      ownerId: actor.id,
      variant: null,
      request,
    });
    return toConnection(page!, ({ position }) => [String(position)], toHighlightSource);
  }
}
