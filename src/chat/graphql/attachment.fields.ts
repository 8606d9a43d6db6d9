/** Encrypted files of the viewer. */
import { Arg, Ctx, FieldResolver, ID, Resolver } from 'type-graphql';
import { EncryptedFileType, encryptedFileOf } from '../../media/graphql/encrypted-file.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost } from '../../platform/graphql/directives.js';
import { parseGlobalId } from '../../platform/ids.js';
import type { MediaId } from '../../media/media.entity.js';
import { ChatHomeType } from './chat-home.fields.js';

@Resolver(() => ChatHomeType)
export class ChatHomeAttachmentFields {
  @FieldResolver(() => EncryptedFileType, {
    nullable: true,
    description: 'An encrypted file of theirs; null = they have no such file, or it is gone.',
  })
  @Cost(2)
  async attachment(
    @Arg('mediaId', () => ID, { description: 'Id of its `media`.' }) mediaId: string,
    @Ctx() context: GraphQLContext,
  ): Promise<EncryptedFileType | null> {
    const parsed = parseGlobalId(mediaId);
    return parsed?.kind === 'media' ? encryptedFileOf(context, parsed.id as MediaId) : null;
  }
}
