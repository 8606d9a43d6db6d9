/** Publishing photo posts. */
import {
  Arg,
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
import type { EdgeSource } from '../../platform/graphql/connection.js';
import { readAlbum } from '../../media/media-row.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answerOnce } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { PostEdge, toPostEdge } from '../../posts/graphql/post.connection.js';
import { PostDraftInput, toPostDraft } from '../../posts/graphql/post.input.js';
import { PhotoTagInput, toTags } from '../../posts/graphql/photo-tag.input.js';
import { postLoader, type PostSource } from '../../posts/graphql/post.loader.js';
import { publishPhotoPost } from '../publish-photo-post.js';
import { PhotoPostType } from './photo-post.type.js';

@InputType('PublishPhotoPostInput', { description: 'A photo post to be published.' })
export class PublishPhotoPostInput {
  @Field(() => [ID], {
    description:
      '1–20 own pictures that are READY and in no other post, in the order in which they are shown.',
  })
  mediaIds!: string[];

  @Field(() => [PhotoTagInput], {
    nullable: true,
    description: 'People on the pictures, at most 20 in each; null = nobody.',
  })
  tags?: PhotoTagInput[] | null;

  @Field(() => PostDraftInput, { description: 'Caption, visibility and the like.' })
  common!: PostDraftInput;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('PublishPhotoPostPayload', { description: 'Answer of publishPhotoPost.' })
export class PublishPhotoPostPayload extends Payload {
  @Field(() => PhotoPostType, { nullable: true, description: 'The new post; null when refused.' })
  post!: PostSource | null;

  @Field(() => PostEdge, {
    nullable: true,
    description: 'The new post with its place in chronological lists; null when refused.',
  })
  postEdge!: EdgeSource<PostSource> | null;
}

@Resolver()
export class PhotoPostMutations {
  @Mutation(() => PublishPhotoPostPayload, {
    description:
      'Publish an album of 1–20 pictures. It is in the author’s home timeline at once, in those of followers within moments. Codes: INVALID_INPUT, NOT_FOUND, MEDIA_NOT_READY, MEDIA_REJECTED, ALREADY_EXISTS, FORBIDDEN (an account that has moved away, somebody who cannot be tagged, a post that the author may not quote), LIMIT_EXCEEDED, QUOTA_EXCEEDED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:posts')
  publishPhotoPost(
    @Arg('input', () => PublishPhotoPostInput, { description: 'The post.' })
    input: PublishPhotoPostInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'publishPhotoPost',
      input,
      () =>
        publishPhotoPost(context, {
          ...toPostDraft(input.common),
          tags: toTags(input.tags),
          mediaIds: input.mediaIds.map((id, index) =>
            readId('media', id, ['mediaIds', String(index)]),
          ),
        }),
      async (postId) => {
        const post = await load(context, postLoader, postId);
        return { post, postEdge: post && toPostEdge(post) };
      },
    );
  }
}

@Resolver(() => PhotoPostType)
export class PhotoPostFields {
  @FieldResolver(() => Boolean)
  isAlbum(@Root() post: PostSource): boolean {
    return readAlbum(post.album).length > 1;
  }
}
