/** Editing and deleting posts of every format. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { InteractionPolicyEnum, QuotePolicyEnum } from '../../actors/graphql/visibility.type.js';
import type { CommentPolicy, QuotePolicy } from '../../actors/visibility.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { LanguageTagScalar, MarkdownScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId, toGlobalId } from '../../platform/ids.js';
import { deletePost } from '../delete-post.js';
import type { AiDisclosure } from '../post.entity.js';
import { updatePost, type PostChange } from '../update-post.js';
import { PhotoTagInput, toTags } from './photo-tag.input.js';
import { postLoader, type PostSource } from './post.loader.js';
import { AiDisclosureEnum, PostType } from './post.type.js';
import { toVideoChange, VideoDetailsInput } from './video-details.input.js';

@InputType('UpdatePostInput', {
  description: 'What to change about an own post: absent = as it is, null = cleared.',
})
export class UpdatePostInput {
  @Field(() => ID, { description: 'The post.' })
  postId!: string;

  @Field(() => MarkdownScalar, {
    nullable: true,
    description: 'New caption, at most 5,000 characters; null = none.',
  })
  caption?: string | null;

  @Field(() => LanguageTagScalar, { nullable: true, description: 'New language; null = not said.' })
  language?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'New content warning, at most 500 characters; null = none.',
  })
  contentWarning?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the media are sensitive; null = not.',
  })
  isSensitive?: boolean | null;

  @Field(() => InteractionPolicyEnum, {
    nullable: true,
    description: 'Who may comment from now on; null = everyone who sees it.',
  })
  commentPolicy?: CommentPolicy | null;

  @Field(() => QuotePolicyEnum, {
    nullable: true,
    description: 'Who may quote it from now on; null = everyone.',
  })
  quotePolicy?: QuotePolicy | null;

  @Field(() => AiDisclosureEnum, {
    nullable: true,
    description: 'What you say about AI in it; null = NONE.',
  })
  aiDisclosure?: AiDisclosure | null;

  @Field(() => String, {
    nullable: true,
    description: 'Licence by name or SPDX id, at most 100 characters; null = all rights reserved.',
  })
  license?: string | null;

  @Field(() => ID, { nullable: true, description: 'Where it was made; null = not said.' })
  placeId?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'The whole new album in order, 1–20 pictures, or another video; what is left out is deleted. It cannot be cleared.',
  })
  mediaIds?: string[] | null;

  @Field(() => VideoDetailsInput, {
    nullable: true,
    description: 'Of a video: title, category and the like; null = as they are.',
  })
  video?: VideoDetailsInput | null;

  @Field(() => [PhotoTagInput], {
    nullable: true,
    description:
      'All people on the pictures, at most 20 in each; who is left out goes, who is new is asked. Null = nobody.',
  })
  tags?: PhotoTagInput[] | null;
}

@ObjectType('UpdatePostPayload', { description: 'Answer of updatePost.' })
export class UpdatePostPayload extends Payload {
  @Field(() => PostType, {
    nullable: true,
    description: 'The post after the change; null when refused.',
  })
  post!: PostSource | null;
}

@InputType('DeletePostInput', { description: 'Names an own post.' })
export class DeletePostInput {
  @Field(() => ID, { description: 'The post.' })
  postId!: string;
}

@ObjectType('DeletePostPayload', { description: 'Answer of deletePost.' })
export class DeletePostPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the post that is gone; null when refused.',
  })
  deletedPostId!: string | null;
}

@Resolver()
export class PostMutations {
  @Mutation(() => UpdatePostPayload, {
    description:
      'Edit an own post; earlier versions stay visible as revisions. Codes: NOT_FOUND, INVALID_INPUT, FORBIDDEN (somebody who cannot be tagged, a remix whose original may not be used any more), LIMIT_EXCEEDED, MEDIA_NOT_READY, MEDIA_REJECTED, ALREADY_EXISTS.',
  })
  @RequiresScope('write:posts')
  updatePost(
    @Arg('input', () => UpdatePostInput, { description: 'What to change.' }) input: UpdatePostInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const change = toPostChange(input);
        await updatePost(context, change);
        return change.postId;
      },
      async (postId) => ({ post: await load(context, postLoader, postId) }),
    );
  }

  @Mutation(() => DeletePostPayload, {
    description:
      'Delete an own post with its pictures; its comments vanish with it. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:posts')
  deletePost(
    @Arg('input', () => DeletePostInput, { description: 'Which post.' }) input: DeletePostInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const postId = readId('post', input.postId, ['postId']);
        await deletePost(context, postId);
        return postId;
      },
      (postId) => ({ deletedPostId: toGlobalId('post', postId) }),
    );
  }
}

/** Reads the input: absent stays absent, null becomes the value that means nothing. */
function toPostChange(input: UpdatePostInput): PostChange {
  const { caption, language, contentWarning, isSensitive, commentPolicy, quotePolicy, mediaIds } =
    input;
  const { aiDisclosure, license, placeId } = input;
  return {
    postId: readId('post', input.postId, ['postId']),
    caption: caption === null ? '' : caption,
    language,
    contentWarning,
    isSensitive: isSensitive === null ? false : isSensitive,
    commentPolicy: commentPolicy === null ? 'EVERYONE' : commentPolicy,
    quotePolicy: quotePolicy === null ? 'EVERYONE' : quotePolicy,
    aiDisclosure: aiDisclosure === null ? 'NONE' : aiDisclosure,
    license,
    placeId: placeId == null ? placeId : readId('place', placeId, ['placeId']),
    tags: toTags(input.tags),
    video: toVideoChange(input.video),
    mediaIds:
      mediaIds === null
        ? []
        : mediaIds?.map((id, index) => readId('media', id, ['mediaIds', String(index)])),
  };
}
