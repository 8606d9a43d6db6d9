/** Search: one text, four kinds of results, each with pages of its own. */
import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { ActorId } from '../../actors/actor.entity.js';
import { ActorConnection, type ActorEdgeSource } from '../../actors/graphql/actor.connection.js';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { PlaceType, toPlaceSource, type PlaceSource } from '../../places/graphql/place.type.js';
import { MAX_FOUND, searchPlaces } from '../../places/search-places.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { DateTimeScalar, LanguageTagScalar } from '../../platform/graphql/scalars.js';
import { isUuid, parseGlobalId } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { HashtagConnection } from '../../posts/graphql/hashtag.connection.js';
import { toHashtagSource, type HashtagSource } from '../../posts/graphql/hashtag.type.js';
import { PostConnection } from '../../posts/graphql/post.connection.js';
import { postLoader, type PostSource } from '../../posts/graphql/post.loader.js';
import { TimelineFilter, toTimelineChoice } from '../../posts/graphql/timeline-filter.input.js';
import { findHashtagsByBeginning } from '../hashtags.queries.js';
import { findPeopleByName } from '../people.queries.js';
import { findPostsByText } from '../posts.queries.js';
import { readName, readSearchText } from '../search-text.js';
import { toFoundActors } from './found-actors.js';

/** What is looked for. */
export interface SearchSource {
  readonly query: string;
}

@ObjectType('SearchResults', {
  description: 'What a text finds, by kind. Each list is looked up only when it is asked for.',
})
export class SearchResultsType {
  @Field(() => String, { description: 'The text, without spaces around it.' })
  query!: string;
}

/** Arguments of people found. */
@ArgsType()
export class FoundActorArgs extends PageArgs {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Only people of this server.',
  })
  localOnly?: boolean | null;
}

/** Arguments of posts found. */
@ArgsType()
export class FoundPostArgs extends PageArgs {
  @Field(() => LanguageTagScalar, {
    nullable: true,
    description:
      'Language of the text, so that other forms of its words are found, too; null = that of the settings of the viewer.',
  })
  language?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only posts of this actor; an unknown one has none. Null = of everybody.',
  })
  authorId?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Published then or later.' })
  since?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Published before.' })
  until?: Date | null;

  @Field(() => TimelineFilter, { nullable: true, description: 'Which posts to show; null = all.' })
  filter?: TimelineFilter | null;
}

@Resolver(() => SearchResultsType)
export class SearchQuery {
  @Query(() => SearchResultsType, {
    description: 'Look for people, posts, hashtags and places that this server knows.',
  })
  @RequiresScope('read:search')
  search(
    @Arg('query', () => String, { description: 'What to look for, 2–200 characters.' })
    query: string,
    @Ctx() context: GraphQLContext,
  ): SearchSource {
    requireViewer(context);
    return { query: readSearchText(query) };
  }

  @FieldResolver(() => ActorConnection, {
    description:
      'People: whose whole username it is, then usernames that begin so, then names of which words begin so, then names that are alike; among equals those with most followers. Case and accents do not matter. Who does not want to be found (`isDiscoverable`) is found by their followers and by the whole username. Nobody behind a block.',
  })
  @Cost(10)
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async actors(
    @Root() { query }: SearchSource,
    @Args(() => FoundActorArgs) args: FoundActorArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<ActorSource, ActorEdgeSource>> {
    const request = readPage(args, 3, (part, index) =>
      index === 2 ? isUuid(part) : /^\d{1,9}$/.test(part),
    );
    const page = await findPeopleByName(
      context.database,
      requireViewer(context).actorId,
      readName(query),
      { localOnly: args.localOnly ?? false, localDomain: context.config.publicUrl.host },
      request,
    );
    return toFoundActors(context, page, ({ fit, followers, id }) => [
      String(fit),
      String(followers),
      id,
    ]);
  }

  @FieldResolver(() => PostConnection, {
    description:
      'Posts whose caption, content warning or alternative texts have all the words, the newest first; "in quotes" = exactly this phrase, `or` = one of both, `-` = without. Case and accents do not matter. Public posts of authors who wish it (`isIndexable`); one\'s own, and those that the viewer commented on, reacted to, reposted, bookmarked or is mentioned in, always. Never what the viewer may not see, nor posts of muted people unless the viewer had to do with them, nor what keyword filters hide in searches; a page looks through 1,000 that match for what these leave.',
  })
  @Cost(20)
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async posts(
    @Root() { query }: SearchSource,
    @Args(() => FoundPostArgs) args: FoundPostArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    const request = readPage(args, 1, isUuid);
    const { actorId } = requireViewer(context);
    const search = {
      text: query,
      language: args.language ?? null,
      choice: toTimelineChoice(args.filter),
      authorId: args.authorId == null ? null : toActorId(args.authorId),
      since: args.since ?? null,
      until: args.until ?? null,
    };
    const page = await findPostsByText(
      context.database,
      actorId,
      search,
      request,
      context.clock.now(),
    );
    const posts = await Promise.all(page.rows.map(({ id }) => load(context, postLoader, id)));
    const rows = posts.filter((post) => post !== null);
    return toConnection(
      { ...page, rows },
      (post) => [post.id],
      (post) => post,
    );
  }

  @FieldResolver(() => HashtagConnection, {
    description:
      'Hashtags that begin so and that the viewer sees a post with, by name: the one that is called exactly so first. Case and accents do not matter.',
  })
  @Cost(10)
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async hashtags(
    @Root() { query }: SearchSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<HashtagSource>> {
    const request = readPage(args, 2, (part, index) => index === 0 || isUuid(part));
    const { actorId } = requireViewer(context);
    const page = await findHashtagsByBeginning(context.database, actorId, query, request);
    return toConnection(page, ({ folded, id }) => [folded, id], toHashtagSource);
  }

  @FieldResolver(() => [PlaceType], {
    description:
      'Places one of whose names, in any language, begins so: those called exactly so first, then the larger ones.',
  })
  @Cost(10)
  @ListSize({ slicingArguments: ['first'] })
  async places(
    @Root() { query }: SearchSource,
    @Arg('first', () => Int, { defaultValue: 10, description: `Places wanted, 1–${MAX_FOUND}.` })
    first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<PlaceSource[]> {
    // No place has so long a name.
    const places = await searchPlaces(context.database, [...query].slice(0, 100).join(''), first);
    return places.map(toPlaceSource);
  }
}

/** An id that no actor has finds the posts of nobody. */
function toActorId(globalId: string): ActorId {
  const parsed = parseGlobalId(globalId);
  return (parsed?.kind === 'actor' ? parsed.id : '00000000-0000-0000-0000-000000000000') as ActorId;
}
