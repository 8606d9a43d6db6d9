/** Saving, deleting and publishing drafts. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { EdgeSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId, toGlobalId } from '../../platform/ids.js';
import { deleteDraft } from '../delete-draft.js';
import { publishDraft } from '../publish-draft.js';
import { saveDraft, type DraftChange } from '../save-draft.js';
import { draftLoader, DraftType, type DraftSource } from './draft.type.js';
import { PhotoTagInput, toTags } from './photo-tag.input.js';
import { PostEdge, toPostEdge } from './post.connection.js';
import { PostDraftInput, toPostDraft } from './post.input.js';
import { PostKindEnum, PostType, type PostKindName } from './post.type.js';
import { toPublishedKind } from './published-kind.js';
import { toVideoWords, VideoDetailsInput } from './video-details.input.js';
import { postLoader, type PostSource } from './post.loader.js';

@InputType('SaveDraftInput', {
  description: 'What to keep: absent = as it is, or nothing yet for a new draft.',
})
export class SaveDraftInput {
  @Field(() => ID, { nullable: true, description: 'The draft to change; null = a new one.' })
  draftId?: string | null;

  @Field(() => PostKindEnum, {
    nullable: true,
    description:
      'Format of the post that becomes of it, PHOTO or VIDEO. Null or absent = as it is, PHOTO for a new draft.',
  })
  kind?: PostKindName | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'The whole album in order, at most 20 own pictures, or the one video, that are READY or PROCESSING and in no other post or draft; what is left out is deleted. Null = none.',
  })
  mediaIds?: string[] | null;

  @Field(() => [PhotoTagInput], {
    nullable: true,
    description:
      'All people on the pictures, at most 20 in each, who are asked when it is published; null = nobody.',
  })
  tags?: PhotoTagInput[] | null;

  @Field(() => PostDraftInput, {
    nullable: true,
    description: 'Caption, visibility and the like, in place of all that was said before.',
  })
  common?: PostDraftInput | null;

  @Field(() => VideoDetailsInput, {
    nullable: true,
    description:
      'Title of a video and the like, in place of all that was said before; null = nothing. Other formats have no use for it.',
  })
  video?: VideoDetailsInput | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When to publish it, from one minute to one year ahead, to the minute; null = not scheduled any more.',
  })
  scheduledFor?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('SaveDraftPayload', { description: 'Answer of saveDraft.' })
export class SaveDraftPayload extends Payload {
  @Field(() => DraftType, { nullable: true, description: 'The draft; null when refused.' })
  draft!: DraftSource | null;
}

@InputType('DeleteDraftInput', { description: 'Names an own draft.' })
export class DeleteDraftInput {
  @Field(() => ID, { description: 'The draft.' })
  draftId!: string;
}

@ObjectType('DeleteDraftPayload', { description: 'Answer of deleteDraft.' })
export class DeleteDraftPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the draft that is gone; null when refused.',
  })
  deletedDraftId!: string | null;
}

@InputType('PublishDraftInput', { description: 'Names an own draft.' })
export class PublishDraftInput {
  @Field(() => ID, { description: 'The draft.' })
  draftId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('PublishDraftPayload', { description: 'Answer of publishDraft.' })
export class PublishDraftPayload extends Payload {
  @Field(() => PostType, { nullable: true, description: 'The new post; null when refused.' })
  post!: PostSource | null;

  @Field(() => PostEdge, {
    nullable: true,
    description: 'The new post with its place in chronological lists; null when refused.',
  })
  postEdge!: EdgeSource<PostSource> | null;
}

@Resolver()
export class DraftMutations {
  @Mutation(() => SaveDraftPayload, {
    description:
      'Keep a post for later, at most 100 at a time, or schedule, reschedule or unschedule it; a failure is forgotten. What the post needs is asked when it is published. Codes: NOT_FOUND, INVALID_INPUT, MEDIA_NOT_READY, MEDIA_REJECTED, ALREADY_EXISTS, LIMIT_EXCEEDED, QUOTA_EXCEEDED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:posts')
  saveDraft(
    @Arg('input', () => SaveDraftInput, { description: 'What to keep.' }) input: SaveDraftInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'saveDraft',
      input,
      () => saveDraft(context, toDraftChange(input)),
      async (draftId) => ({ draft: await load(context, draftLoader, draftId) }),
    );
  }

  @Mutation(() => DeleteDraftPayload, {
    description:
      'Delete an own draft with its pictures; a scheduled one will not be published. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:posts')
  deleteDraft(
    @Arg('input', () => DeleteDraftInput, { description: 'Which draft.' }) input: DeleteDraftInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const draftId = readId('draft', input.draftId, ['draftId']);
        await deleteDraft(context, draftId);
        return draftId;
      },
      (draftId) => ({ deletedDraftId: toGlobalId('draft', draftId) }),
    );
  }

  @Mutation(() => PublishDraftPayload, {
    description:
      'Publish an own draft now, scheduled or not. When refused it stays as it is; paths name its parts as saveDraft takes them. Codes: NOT_FOUND, INVALID_INPUT, MEDIA_NOT_READY, MEDIA_REJECTED, FORBIDDEN (an account that has moved away, somebody who cannot be tagged, a post that the author may not quote, a remix whose original may not be used any more), QUOTA_EXCEEDED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:posts')
  publishDraft(
    @Arg('input', () => PublishDraftInput, { description: 'Which draft.' })
    input: PublishDraftInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'publishDraft',
      input,
      () => publishDraft(context, readId('draft', input.draftId, ['draftId'])),
      async (postId) => {
        const post = await load(context, postLoader, postId);
        return { post, postEdge: post && toPostEdge(post) };
      },
    );
  }
}

function toDraftChange(input: SaveDraftInput): DraftChange {
  const { draftId, kind, mediaIds, common, video, scheduledFor } = input;
  return {
    draftId: draftId == null ? null : readId('draft', draftId, ['draftId']),
    kind: kind == null ? undefined : toPublishedKind(kind, ['kind']),
    post: common == null ? undefined : toPostDraft(common),
    video: video === undefined ? undefined : toVideoWords(video),
    mediaIds:
      mediaIds === null
        ? []
        : mediaIds?.map((id, index) => readId('media', id, ['mediaIds', String(index)])),
    tags: toTags(input.tags),
    scheduledFor,
  };
}
