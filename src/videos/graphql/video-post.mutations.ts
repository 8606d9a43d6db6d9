/** Publishing videos. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { EdgeSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answerOnce } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { PhotoTagInput, toTags } from '../../posts/graphql/photo-tag.input.js';
import { PostEdge, toPostEdge } from '../../posts/graphql/post.connection.js';
import { PostDraftInput, toPostDraft } from '../../posts/graphql/post.input.js';
import { postLoader, type PostSource } from '../../posts/graphql/post.loader.js';
import { toVideoWords, VideoDetailsInput } from '../../posts/graphql/video-details.input.js';
import { publishVideoPost } from '../publish-video-post.js';
import { VideoPostType } from './video-post.type.js';

@InputType('PublishVideoPostInput', { description: 'A video post to be published.' })
export class PublishVideoPostInput {
  @Field(() => ID, { description: 'An own video that is READY and in no other post.' })
  mediaId!: string;

  @Field(() => [PhotoTagInput], {
    nullable: true,
    description: 'People in the video, at most 20; null = nobody.',
  })
  tags?: PhotoTagInput[] | null;

  @Field(() => PostDraftInput, { description: 'Caption, visibility and the like.' })
  common!: PostDraftInput;

  @Field(() => VideoDetailsInput, {
    nullable: true,
    description: 'Title, category and the like; null = nothing.',
  })
  video?: VideoDetailsInput | null;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('PublishVideoPostPayload', { description: 'Answer of publishVideoPost.' })
export class PublishVideoPostPayload extends Payload {
  @Field(() => VideoPostType, { nullable: true, description: 'The new post; null when refused.' })
  post!: PostSource | null;

  @Field(() => PostEdge, {
    nullable: true,
    description: 'The new post with its place in chronological lists; null when refused.',
  })
  postEdge!: EdgeSource<PostSource> | null;
}

@Resolver()
export class VideoPostMutations {
  @Mutation(() => PublishVideoPostPayload, {
    description:
      'Publish a video as soon as it can be played; finer renditions join by themselves. To publish one that is still being processed, schedule it with saveDraft: a draft whose time has come waits for its video. Codes: INVALID_INPUT, NOT_FOUND, MEDIA_NOT_READY, MEDIA_REJECTED, ALREADY_EXISTS, FORBIDDEN (an account that has moved away, somebody who cannot be tagged, a post that the author may not quote, a remix whose original may not be used any more), LIMIT_EXCEEDED, QUOTA_EXCEEDED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:posts')
  publishVideoPost(
    @Arg('input', () => PublishVideoPostInput, { description: 'The post.' })
    input: PublishVideoPostInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'publishVideoPost',
      input,
      () =>
        publishVideoPost(context, {
          ...toPostDraft(input.common),
          video: toVideoWords(input.video),
          tags: toTags(input.tags),
          mediaId: readId('media', input.mediaId, ['mediaId']),
        }),
      async (postId) => {
        const post = await load(context, postLoader, postId);
        return { post, postEdge: post && toPostEdge(post) };
      },
    );
  }
}
