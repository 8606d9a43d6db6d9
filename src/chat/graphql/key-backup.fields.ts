/** The sealed backup of keys, beside the conversations that it opens. */
import { Ctx, FieldResolver, Resolver } from 'type-graphql';
import { KeyBackupType } from '../../devices/graphql/key-backup.type.js';
import { findKeyBackup, type KeyBackupRow } from '../../devices/save-key-backup.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost } from '../../platform/graphql/directives.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { ChatHomeType } from './chat-home.fields.js';

@Resolver(() => ChatHomeType)
export class ChatHomeBackupFields {
  @FieldResolver(() => KeyBackupType, {
    nullable: true,
    description: 'What a client of theirs has sealed of their keys; null = there is none.',
  })
  @Cost(10)
  keyBackup(@Ctx() context: GraphQLContext): Promise<KeyBackupRow | null> {
    return findKeyBackup(context.database, requireViewer(context).actorId);
  }
}
