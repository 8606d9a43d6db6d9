/** Keeping and deleting the sealed backup of keys. */
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Base64BytesScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import {
  deleteKeyBackup,
  findKeyBackup,
  saveKeyBackup,
  type KeyBackupRow,
} from '../save-key-backup.js';
import { KeyBackupType } from './key-backup.type.js';

@InputType('SaveKeyBackupInput', { description: 'A sealed backup of keys.' })
export class SaveKeyBackupInput {
  @Field(() => Base64BytesScalar, {
    description: 'What the client has sealed, 1 byte to 128 KiB.',
  })
  data!: Buffer;

  @Field(() => Int, {
    description: '`version` of the backup that it takes the place of; 0 = there is none.',
  })
  version!: number;

  @Field(() => ID, {
    nullable: true,
    description:
      'Id of the `media` of an own encrypted file (createChatAttachment) that is the history from now on: it is kept as long as the backup, and the former one goes. Null = none; absent = as before.',
  })
  historyId?: string | null;
}

@ObjectType('SaveKeyBackupPayload', { description: 'Result of saveKeyBackup.' })
export class SaveKeyBackupPayload extends Payload {
  @Field(() => KeyBackupType, {
    nullable: true,
    description: 'The backup as it is kept; null when refused.',
  })
  keyBackup!: KeyBackupRow | null;
}

@ObjectType('DeleteKeyBackupPayload', { description: 'Result of deleteKeyBackup.' })
export class DeleteKeyBackupPayload extends Payload {}

@Resolver()
export class KeyBackupMutations {
  @Mutation(() => SaveKeyBackupPayload, {
    description:
      'Keep a sealed backup of keys in the place of the one that the client knows; when another device was faster, read that one first. At most 200 in a day. Codes: INVALID_INPUT, NOT_FOUND, MEDIA_NOT_READY, CONFLICT, RATE_LIMITED.',
  })
  @RequiresScope('chat')
  saveKeyBackup(
    @Arg('input', () => SaveKeyBackupInput, { description: 'The backup.' })
    { data: bytes, version, historyId: named }: SaveKeyBackupInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const historyId = named == null ? named : readId('media', named, ['historyId']);
        await saveKeyBackup(context, { bytes, version, historyId });
      },
      async () => ({
        keyBackup: await findKeyBackup(context.database, requireViewer(context).actorId),
      }),
    );
  }

  @Mutation(() => DeleteKeyBackupPayload, {
    description: 'Delete the sealed backup of keys, and its history. A repeat changes nothing.',
  })
  @RequiresScope('chat')
  deleteKeyBackup(@Ctx() context: GraphQLContext) {
    return answer(
      context,
      async () => deleteKeyBackup(context),
      () => ({}),
    );
  }
}
