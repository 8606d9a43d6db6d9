/** The sealed backup of keys as its person sees it. */
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { EncryptedFileType, encryptedFileOf } from '../../media/graphql/encrypted-file.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost } from '../../platform/graphql/directives.js';
import { Base64BytesScalar, DateTimeScalar } from '../../platform/graphql/scalars.js';
import type { KeyBackupRow } from '../save-key-backup.js';

@ObjectType('KeyBackup', {
  description: 'What a client has sealed of the keys of its person. The server cannot read it.',
})
export class KeyBackupType {
  @Field(() => Int, {
    description: '1 for the first one; each that takes its place counts one more.',
  })
  version!: number;

  @Field(() => Base64BytesScalar, {
    name: 'data',
    description: 'As the client saved it, at most 128 KiB.',
  })
  bytes!: Buffer;

  @Field(() => DateTimeScalar, { description: 'When it was saved.' })
  updatedAt!: Date;
}

@Resolver(() => KeyBackupType)
export class KeyBackupFields {
  @FieldResolver(() => EncryptedFileType, {
    nullable: true,
    description: 'What a client has sealed of its conversations; null = there is none.',
  })
  @Cost(2)
  async history(
    @Root() { historyId }: KeyBackupRow,
    @Ctx() context: GraphQLContext,
  ): Promise<EncryptedFileType | null> {
    return historyId && encryptedFileOf(context, historyId);
  }
}
