/** Mutations around an upload. GraphQL carries no files: a ticket says where the bytes go. */
import {
  Arg,
  Ctx,
  Field,
  ID,
  InputType,
  Float,
  Mutation,
  ObjectType,
  Resolver,
} from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { BigIntScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { Invalid } from '../../platform/errors.js';
import { cancelUpload } from '../cancel-upload.js';
import { completeUpload } from '../complete-upload.js';
import { createUpload, type UploadProtocol } from '../create-upload.js';
import type { UploadPurpose } from '../media.entity.js';
import { updateMedia } from '../update-media.js';
import { mediaLoader, type MediaSource } from './media.loader.js';
import { MediaInterface, MediaPurposeEnum } from './media.type.js';
import {
  plainTicket,
  presentTicket,
  UploadProtocolEnum,
  UploadTicketType,
} from './upload-ticket.type.js';

@InputType('CreateUploadInput', { description: 'A file as the client declares it.' })
export class CreateUploadInput {
  @Field(() => MediaPurposeEnum, { description: 'What it is for.' })
  purpose!: UploadPurpose;

  @Field(() => String, {
    description: 'Name of the file on the client, only for people to recognise it.',
  })
  fileName!: string;

  @Field(() => String, {
    description: 'Type of the file, for example image/jpeg. The content decides in the end.',
  })
  mimeType!: string;

  @Field(() => BigIntScalar, { description: 'Exact size in bytes.' })
  sizeBytes!: bigint;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the file, 64 hexadecimal digits; checked when all bytes are there.',
  })
  sha256?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Description for people who do not see it, at most 1,500 characters.',
  })
  altText?: string | null;

  @Field(() => UploadProtocolEnum, { defaultValue: 'PUT', description: 'Preferred protocol.' })
  preferredProtocol!: UploadProtocol;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@InputType('CompleteUploadInput', { description: 'Names an upload.' })
export class CompleteUploadInput {
  @Field(() => ID, { description: 'The asset of the ticket.' })
  mediaId!: string;
}

@InputType('CancelUploadInput', { description: 'Names an upload.' })
export class CancelUploadInput {
  @Field(() => ID, { description: 'The asset of the ticket.' })
  mediaId!: string;
}

@InputType('UpdateMediaInput', { description: 'What to change: absent = unchanged.' })
export class UpdateMediaInput {
  @Field(() => ID, { description: 'The asset.' })
  mediaId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Description, at most 1,500 characters; null clears it.',
  })
  altText?: string | null;

  @Field(() => Float, { nullable: true, description: 'Horizontal focal point, -1 to 1.' })
  focalX?: number | null;

  @Field(() => Float, { nullable: true, description: 'Vertical focal point, -1 to 1.' })
  focalY?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether everybody who sees the picture sees its camera data in `exif`; never a location. Null = no.',
  })
  showsCameraData?: boolean | null;
}

@ObjectType('CreateUploadPayload', { description: 'Answer of createUpload.' })
export class CreateUploadPayload extends Payload {
  @Field(() => UploadTicketType, { nullable: true, description: 'The ticket; null when refused.' })
  ticket!: UploadTicketType | null;
}

@ObjectType('CompleteUploadPayload', { description: 'Answer of completeUpload.' })
export class CompleteUploadPayload extends Payload {
  @Field(() => MediaInterface, { nullable: true, description: 'The asset; null when refused.' })
  media!: MediaSource | null;
}

@ObjectType('CancelUploadPayload', { description: 'Answer of cancelUpload.' })
export class CancelUploadPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The asset that is gone; null when refused.' })
  cancelledMediaId!: string | null;
}

@ObjectType('UpdateMediaPayload', { description: 'Answer of updateMedia.' })
export class UpdateMediaPayload extends Payload {
  @Field(() => MediaInterface, {
    nullable: true,
    description: 'The asset after the change; null when refused.',
  })
  media!: MediaSource | null;
}

@Resolver()
export class UploadMutations {
  @Mutation(() => CreateUploadPayload, {
    description:
      'Step 1 of an upload: declare the file, get a ticket; step 2: send its bytes there; step 3: completeUpload. Codes: FORBIDDEN (an archive of emoji, which is for administrators), INVALID_INPUT, UNSUPPORTED_MEDIA, QUOTA_EXCEEDED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:media')
  createUpload(
    @Arg('input', () => CreateUploadInput, { description: 'The file.' }) input: CreateUploadInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'createUpload',
      input,
      async () => plainTicket(await createUpload(context, declared(input))),
      async (ticket) => ({ ticket: await presentTicket(context, ticket, input.mimeType) }),
    );
  }

  @Mutation(() => CompleteUploadPayload, {
    description:
      'Step 3 of an upload: confirm that all bytes were sent. Processing starts by itself. Codes: NOT_FOUND, MEDIA_NOT_READY.',
  })
  @RequiresScope('write:media')
  completeUpload(
    @Arg('input', () => CompleteUploadInput, { description: 'Which upload.' })
    input: CompleteUploadInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const mediaId = readId('media', input.mediaId, ['mediaId']);
        await completeUpload(context, mediaId);
        return mediaId;
      },
      async (mediaId) => ({ media: await load(context, mediaLoader, mediaId) }),
    );
  }

  @Mutation(() => CancelUploadPayload, {
    description:
      'Give up an upload, or drop what became of it while nothing uses it; its quota is free at once. Codes: NOT_FOUND, CONFLICT.',
  })
  @RequiresScope('write:media')
  cancelUpload(
    @Arg('input', () => CancelUploadInput, { description: 'Which upload.' })
    input: CancelUploadInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () => cancelUpload(context, readId('media', input.mediaId, ['mediaId'])),
      () => ({ cancelledMediaId: input.mediaId }),
    );
  }

  @Mutation(() => UpdateMediaPayload, {
    description:
      'Change the description or the focal point of an own asset, or whether its camera data show, also after it was published. Codes: NOT_FOUND, INVALID_INPUT.',
  })
  @RequiresScope('write:media')
  updateMedia(
    @Arg('input', () => UpdateMediaInput, { description: 'What to change.' })
    input: UpdateMediaInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const mediaId = readId('media', input.mediaId, ['mediaId']);
        await updateMedia(context, { ...input, mediaId });
        return mediaId;
      },
      async (mediaId) => ({ media: await load(context, mediaLoader, mediaId) }),
    );
  }
}

function declared(input: CreateUploadInput): Parameters<typeof createUpload>[1] {
  const { sha256, altText = null, preferredProtocol: protocol } = input;
  if (sha256 != null && !/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new Invalid('A SHA-256 has 64 hexadecimal digits.', ['sha256'], 'FORMAT');
  }
  return {
    ...input,
    altText,
    protocol,
    sha256: sha256 == null ? null : Buffer.from(sha256, 'hex'),
  };
}
