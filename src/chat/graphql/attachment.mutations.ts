/** Sending and deleting encrypted files. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { UploadProtocol } from '../../media/create-upload.js';
import { EncryptedFileType, encryptedFileOf } from '../../media/graphql/encrypted-file.type.js';
import {
  plainTicket,
  presentTicket,
  UploadProtocolEnum,
  UploadTicketType,
} from '../../media/graphql/upload-ticket.type.js';
import { BLOB_TYPE } from '../../media/create-upload.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Base64BytesScalar, BigIntScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { createChatAttachment, deleteChatAttachment } from '../create-chat-attachment.js';

@InputType('CreateChatAttachmentInput', { description: 'A file that was encrypted.' })
export class CreateChatAttachmentInput {
  @Field(() => BigIntScalar, {
    description:
      'Exact bytes as encrypted. Clients pad files to one of few sizes, as everybody with the address sees this one.',
  })
  sizeBytes!: bigint;

  @Field(() => Base64BytesScalar, {
    nullable: true,
    description:
      'SHA-256 as encrypted, 32 bytes: other bytes are refused. Null = not known yet; compare `EncryptedFile.sha256` once they are sent.',
  })
  sha256?: Buffer | null;

  @Field(() => UploadProtocolEnum, { defaultValue: 'TUS', description: 'Preferred protocol.' })
  preferredProtocol!: UploadProtocol;
}

@InputType('DeleteChatAttachmentInput', { description: 'Names an encrypted file.' })
export class DeleteChatAttachmentInput {
  @Field(() => ID, { description: 'Id of its `media`.' })
  mediaId!: string;
}

@ObjectType('CreateChatAttachmentPayload', { description: 'Result of createChatAttachment.' })
export class CreateChatAttachmentPayload extends Payload {
  @Field(() => EncryptedFileType, {
    nullable: true,
    description: 'The file, with its address; null when refused.',
  })
  attachment!: EncryptedFileType | null;

  @Field(() => UploadTicketType, {
    nullable: true,
    description: 'Where the bytes go; null when refused.',
  })
  ticket!: UploadTicketType | null;
}

@ObjectType('DeleteChatAttachmentPayload', { description: 'Result of deleteChatAttachment.' })
export class DeleteChatAttachmentPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The asset that is gone; null when refused.' })
  deletedMediaId!: string | null;
}

@Resolver()
export class AttachmentMutations {
  @Mutation(() => CreateChatAttachmentPayload, {
    description:
      'Declare an encrypted file of a chat and get a ticket to send it. It is ready once all bytes are here, and is removed after the days that `InstanceLimits.chatAttachmentDays` names. Address, key and hash are told inside the encryption. 50 at once, and then one in 1.2 seconds. Codes: INVALID_INPUT, QUOTA_EXCEEDED, RATE_LIMITED.',
  })
  @RequiresScope('chat')
  createChatAttachment(
    @Arg('input', () => CreateChatAttachmentInput, { description: 'The file.' })
    { sizeBytes, sha256 = null, preferredProtocol: protocol }: CreateChatAttachmentInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => createChatAttachment(context, { sizeBytes, sha256, protocol }),
      async (ticket) => ({
        attachment: await encryptedFileOf(context, ticket.mediaId),
        ticket: await presentTicket(context, plainTicket(ticket), BLOB_TYPE),
      }),
    );
  }

  @Mutation(() => DeleteChatAttachmentPayload, {
    description:
      'Delete an own encrypted file, or give up sending it: nobody gets it any more. Codes: NOT_FOUND, CONFLICT (the history that belongs to the backup).',
  })
  @RequiresScope('chat')
  deleteChatAttachment(
    @Arg('input', () => DeleteChatAttachmentInput, { description: 'Which one.' })
    { mediaId }: DeleteChatAttachmentInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => deleteChatAttachment(context, readId('media', mediaId, ['mediaId'])),
      () => ({ deletedMediaId: mediaId }),
    );
  }
}
