/** Pages of posts. */
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { ActorId } from '../../actors/actor.entity.js';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { encodeCursor, type Page } from '../../platform/db/page.js';
import {
  PageInfo,
  toConnection,
  type ConnectionSource,
  type EdgeSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Shared } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import type { Id } from '../../platform/ids.js';
import type { PostRow } from '../post.queries.js';
import { toPostSource, type PostSource } from './post.loader.js';
import { PostType } from './post.type.js';

@ObjectType('PostEdge', { description: 'A post and its place in a list.', simpleResolvers: true })
@Shared()
export class PostEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => PostType, { description: 'The post.' })
  node!: PostSource;
}

/** A post's edge as resolvers return it. */
export interface PostEdgeSource extends EdgeSource<PostSource> {
  /** Through whose repost it is in the list; absent or null = by itself. */
  readonly reposterId?: ActorId | null;
  /** The followed hashtag that it is in the list by; absent or null = by something else. */
  readonly hashtagId?: Id<'hashtag'> | null;
}

@Resolver(() => PostEdge)
export class PostEdgeFields {
  @FieldResolver(() => ActorType, {
    nullable: true,
    description:
      'Who brought it into the list by a repost; null when it is there by itself. Only home timelines have reposts.',
  })
  @Shared()
  repostedBy(
    @Root() edge: PostEdgeSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> | null {
    return edge.reposterId ? load(context, actorLoader, edge.reposterId) : null;
  }
}

@ObjectType('PostConnection', { description: 'A page of posts.', simpleResolvers: true })
export class PostConnection {
  @Field(() => [PostEdge], { description: 'Posts with their places.' })
  edges!: PostEdge[];

  @Field(() => [PostType], { description: 'The posts alone.' })
  nodes!: PostSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

/** Shapes a page of a list that is ordered by post ids. */
export function toPostConnection(page: Page<PostRow>): ConnectionSource<PostSource> {
  return toConnection(page, (row) => [row.id], toPostSource);
}

/** A post with the cursor that it has in every chronological list. */
export function toPostEdge(post: PostSource): EdgeSource<PostSource> {
  return { cursor: encodeCursor([post.id]), node: post };
}
