/** Where people find pictures with somebody on them, and answers to tags. */
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { isUuid, readId } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { findPostsTagging, findWaitingTags } from '../photo-tag.queries.js';
import { respondToTag } from '../respond-to-tag.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import {
  PhotoTagConnection,
  photoTagLoader,
  PhotoTagType,
  toTagSource,
  type PhotoTagSource,
} from './photo-tag.type.js';
import { PostConnection, toPostConnection } from './post.connection.js';
import { postLoader, type PostSource } from './post.loader.js';
import { PostType } from './post.type.js';

const taggedPostsLoader = definePageLoader((context, actorIds, _variant: null, request) =>
  findPostsTagging(context.database, actorIds, request, context.readerId),
);

@Resolver(() => ActorType)
export class ActorTagFields {
  @FieldResolver(() => PostConnection, {
    description:
      'Posts with pictures that this actor agreed to be tagged in and the viewer may see, the newest first.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async taggedPosts(
    @Root() actor: ActorSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    const request = readPage(args, 1, isUuid);
    const page = await load(context, taggedPostsLoader, {
      ownerId: actor.id,
      variant: null,
      request,
    });
    return toPostConnection(page!);
  }
}

@InputType('RespondToTagInput', { description: 'An answer to being tagged.' })
export class RespondToTagInput {
  @Field(() => ID, { description: 'A tag of the viewer.' })
  tagId!: string;

  @Field(() => Boolean, {
    description:
      'True lets it show; false takes it off, also later, and its post cannot tag you again.',
  })
  approved!: boolean;
}

@ObjectType('RespondToTagPayload', { description: 'Answer of respondToTag.' })
export class RespondToTagPayload extends Payload {
  @Field(() => PhotoTagType, {
    nullable: true,
    description: 'The tag as it is now; null when it was taken off or nothing was done.',
  })
  tag!: PhotoTagSource | null;

  @Field(() => PostType, {
    nullable: true,
    description: 'The post that it is in; null when the viewer may not see it, or when refused.',
  })
  post!: PostSource | null;
}

@Resolver(() => ViewerType)
export class ViewerTagFields {
  @FieldResolver(() => PhotoTagConnection, {
    description: 'Tags that wait for the viewer’s answer, the newest first.',
  })
  @RequiresScope('read:posts')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async tagRequests(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PhotoTagSource>> {
    const { actorId } = requireViewer(context);
    const page = await findWaitingTags(context.database, actorId, readPage(args, 1, isUuid));
    return toConnection(page, (row) => [row.id], toTagSource);
  }

  @Mutation(() => RespondToTagPayload, {
    description: 'Agree to a tag of yourself, or take it off. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:posts')
  respondToTag(
    @Arg('input', () => RespondToTagInput, { description: 'The answer.' })
    input: RespondToTagInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const tagId = readId('tag', input.tagId, ['tagId']);
        return { tagId, postId: await respondToTag(context, { tagId, approved: input.approved }) };
      },
      async ({ tagId, postId }) => ({
        tag: await load(context, photoTagLoader, tagId),
        post: await load(context, postLoader, postId),
      }),
    );
  }
}
