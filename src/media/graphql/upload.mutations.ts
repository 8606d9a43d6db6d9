/** Mutations around an upload. GraphQL carries no files: a ticket says where the bytes go. */
import {
  Arg,
  Ctx,
  Field,
  ID,
  InputType,
  Int,
  Float,
  Mutation,
  ObjectType,
  Resolver,
} from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { BigIntScalar, DateTimeScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { Invalid } from '../../platform/errors.js';
import { cancelUpload } from '../cancel-upload.js';
import { completeUpload } from '../complete-upload.js';
import { createUpload, type UploadProtocol, type UploadTicket } from '../create-upload.js';
import type { MediaPurpose } from '../media.entity.js';
import { updateMedia } from '../update-media.js';
import { mediaLoader, type MediaSource } from './media.loader.js';
import { MediaInterface, MediaPurposeEnum } from './media.type.js';

/** GraphQL enum of the protocols. */
export const UploadProtocolEnum = describedEnum<UploadProtocol>(
  'UploadProtocol',
  'How the bytes are sent.',
  {
    PUT: 'All bytes in the body of one PUT request.',
    TUS: 'Resumable, by the tus protocol 1.0.0.',
  },
);

@InputType('CreateUploadInput', { description: 'A file as the client declares it.' })
export class CreateUploadInput {
  @Field(() => MediaPurposeEnum, { description: 'What it is for.' })
  purpose!: MediaPurpose;

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

@ObjectType('HttpHeader', { description: 'A header that the client must send.' })
export class HttpHeader {
  @Field(() => String, { description: 'Name.' })
  name!: string;

  @Field(() => String, { description: 'Value.' })
  value!: string;
}

@ObjectType('UploadTicket', {
  description: 'Where and how to send the bytes. It works once, for this file alone.',
})
export class UploadTicketType {
  @Field(() => MediaInterface, { description: 'The asset that waits for the bytes.' })
  media!: MediaSource;

  @Field(() => UploadProtocolEnum, { description: 'How to send them.' })
  protocol!: UploadProtocol;

  @Field(() => UrlScalar, {
    description: 'Where to send them. The address is the permission: keep it secret.',
  })
  uploadUrl!: string;

  @Field(() => String, {
    description:
      'HTTP method that carries bytes. With TUS the upload exists already: HEAD tells its offset, PATCH sends on.',
  })
  method!: string;

  @Field(() => [HttpHeader], { description: 'Headers to send.' })
  headers!: HttpHeader[];

  @Field(() => Int, {
    nullable: true,
    description: 'Bytes to send per PATCH with TUS, so that proxies let them pass; null with PUT.',
  })
  partSizeBytes!: number | null;

  @Field(() => BigIntScalar, { description: 'Bytes that are taken at most: those declared.' })
  maxBytes!: bigint;

  @Field(() => DateTimeScalar, { description: 'When the ticket ends.' })
  expiresAt!: Date;
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
      (ticket) => presentTicket(context, ticket, input.mimeType),
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

/** A ticket as an idempotency key remembers it: plain JSON. */
interface PlainTicket extends Omit<UploadTicket, 'maxBytes' | 'expiresAt'> {
  readonly maxBytes: string;
  readonly expiresAt: string;
}

function plainTicket(ticket: UploadTicket): PlainTicket {
  return {
    ...ticket,
    maxBytes: ticket.maxBytes.toString(),
    expiresAt: ticket.expiresAt.toISOString(),
  };
}

const TUS_HEADERS: HttpHeader[] = [{ name: 'Tus-Resumable', value: '1.0.0' }];

/** Small enough for the body limits of most proxies, large enough to waste little. */
const PART_BYTES = 8 * 2 ** 20;

async function presentTicket(context: GraphQLContext, ticket: PlainTicket, mimeType: string) {
  const media = await load(context, mediaLoader, ticket.mediaId);
  if (!media) return { ticket: null };
  const base = ticket.protocol === 'PUT' ? '/uploads/' : '/uploads/tus/';
  return {
    ticket: {
      media,
      protocol: ticket.protocol,
      uploadUrl: new URL(`${base}${ticket.token}`, context.config.publicUrl).href,
      method: ticket.protocol === 'PUT' ? 'PUT' : 'PATCH',
      headers:
        ticket.protocol === 'PUT' ? [{ name: 'Content-Type', value: mimeType }] : TUS_HEADERS,
      partSizeBytes: ticket.protocol === 'PUT' ? null : PART_BYTES,
      maxBytes: BigInt(ticket.maxBytes),
      expiresAt: new Date(ticket.expiresAt),
    },
  };
}
