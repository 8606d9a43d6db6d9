/** The profile grid: posts of an actor. */
import { Args, ArgsType, Ctx, Field, FieldResolver, InputType, Resolver, Root } from 'type-graphql';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { readPage } from '../../platform/db/page.js';
import { PageArgs, type ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { isUuid } from '../../platform/ids.js';
import { findPinnedPosts, findPostsOfAuthors, type ProfileChoice } from '../profile.queries.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { actorLookLoader } from './look.loader.js';
import { PostConnection, toPostConnection } from './post.connection.js';
import { toPostSource, type PostSource } from './post.loader.js';
import { PostKindEnum, PostType, type PostKindName } from './post.type.js';
import { toKinds } from './timeline-filter.input.js';

@InputType('PostFilter', { description: 'Which posts of an actor to show.' })
export class PostFilter {
  @Field(() => [PostKindEnum], {
    nullable: true,
    description: 'Only these formats; absent or null = all.',
  })
  kinds?: PostKindName[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only posts with this hashtag, with or without #.',
  })
  hashtag?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Published then or later.' })
  since?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Published before.' })
  until?: Date | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Only posts that the actor pinned, the newest post first.',
  })
  pinnedOnly?: boolean | null;
}

/** Arguments of a profile grid. */
@ArgsType()
export class ActorPostArgs extends PageArgs {
  @Field(() => PostFilter, { nullable: true, description: 'Which posts to show; null = all.' })
  filter?: PostFilter | null;
}

const postsLoader = definePageLoader((context, authorIds, choice: ProfileChoice, request) =>
  findPostsOfAuthors(
    context.database,
    authorIds,
    choice,
    request,
    context.readerId,
    context.clock.now(),
  ),
);

const pinnedLoader = defineLoader<string, PostSource[]>(async (context, authorIds) => {
  const pinned = new Map<string, PostSource[]>(authorIds.map((id) => [id, []]));
  const viewerId = context.readerId;
  for (const row of await findPinnedPosts(
    context.database,
    authorIds,
    viewerId,
    context.clock.now(),
  ))
    pinned.get(row.ownerId)?.push(toPostSource(row));
  return pinned;
});

@Resolver(() => ActorType)
export class ActorPostFields {
  @FieldResolver(() => PostConnection, {
    description:
      'Posts of this actor that the viewer may see, the newest first. Empty for suspended and deleted actors.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async posts(
    @Root() actor: ActorSource,
    @Args(() => ActorPostArgs) args: ActorPostArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    const request = readPage(args, 1, isUuid);
    if (actor.domain !== null) await load(context, actorLookLoader, actor.id);
    const { kinds, hashtag = null, since = null, until = null } = args.filter ?? {};
    const pinnedOnly = args.filter?.pinnedOnly ?? false;
    const variant = { kinds: toKinds(kinds), hashtag, since, until, pinnedOnly };
    return toPostConnection(
      (await load(context, postsLoader, { ownerId: actor.id, variant, request }))!,
    );
  }

  @FieldResolver(() => [PostType], {
    description:
      'Posts that this actor pinned and the viewer may see, the last pinned first; at most 6. Clients show them before the others.',
  })
  @ListSize({ assumedSize: 6 })
  async pinnedPosts(
    @Root() actor: ActorSource,
    @Ctx() context: GraphQLContext,
  ): Promise<readonly PostSource[]> {
    return (await load(context, pinnedLoader, actor.id)) ?? [];
  }
}
