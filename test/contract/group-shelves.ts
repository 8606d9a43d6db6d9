// Encrypted conversations that one list can be compared with another by: with one device of each kind, and with twenty.
import { randomBytes } from 'node:crypto';
import type { ActorId } from '../../src/actors/actor.entity.js';
import { createEncryptedConversation } from '../../src/chat/create-encrypted-conversation.js';
import type { ConversationId } from '../../src/chat/conversation.js';
import type { ChatDeviceId } from '../../src/devices/device.js';
import type { CommandContext } from '../../src/platform/context.js';
import { statement } from '../../src/platform/db/database.js';
import { toGlobalId } from '../../src/platform/ids.js';

/** What there is to ask for. */
export interface GroupShelves {
  readonly smallGroup: string;
  readonly bigGroup: string;
  /** Of the person whose groups these are: twenty entries wait for it. */
  readonly mailboxDevice: string;
}

// Devices that are revoked can be seen and are not listed with their person.
const ADD_DEVICES = statement(
  'test.add_group_devices',
  `with made as (insert into chat_devices (id, actor_id, name, platform, signature_key, identity_version, attestation,
       attested_at, created_at, last_seen_at, revoked_at)
     select gen_random_uuid(), $2, 'Phone', 'Test', sha256(gen_random_uuid()::text::bytea), 1, '', now(), now(), now(), now()
     from generate_series(1, $3) returning id)
   insert into conversation_devices (conversation_id, device_id, actor_id, joined_sequence, joined_epoch, left_sequence)
   select $1, id, $2, 0, 0, $4 from made`,
);
// Nobody is taken into a conversation who has no device that could be let in; the lists of devices have theirs already.
const EQUIP = statement(
  'test.equip',
  `with made as (insert into chat_devices (id, actor_id, name, platform, signature_key, identity_version, attestation,
       attested_at, created_at, last_seen_at)
     select gen_random_uuid(), id, 'Phone', 'Passing', sha256(gen_random_uuid()::text::bytea), 1, '', now(), now(), now()
     from unnest($1::uuid[]) as id returning id)
   insert into chat_key_packages (id, device_id, ref, data, ciphersuite, is_last_resort, expires_at, created_at)
     select gen_random_uuid(), id, sha256(id::text::bytea), '', 1, true, 'infinity', now() from made`,
);
const UNEQUIP = statement('test.unequip', `delete from chat_devices where platform = 'Passing'`);
const ADD_MESSAGES = statement(
  'test.add_envelopes',
  `with made as (insert into chat_messages (id, conversation_id, sequence, sender_id, uri, content_html, sent_at, kind, epoch, ciphertext)
     select gen_random_uuid(), $1, number, $2, 'https://here.example/' || gen_random_uuid(), '', now(), 'APPLICATION', 0, '\\x00'
     from generate_series(1, $3) as number returning id, sequence),
   moved as (update mailboxes set head = $3 where actor_id = $2)
   insert into mailbox_entries (actor_id, position, message_id) select $2, sequence, id from made`,
);

/** Begins a small and a big group of somebody with a device; `otherId` owns the other devices. */
export async function groups(
  context: CommandContext,
  deviceId: ChatDeviceId,
  memberIds: readonly ActorId[],
  otherId: ActorId,
): Promise<GroupShelves> {
  const { database, viewer } = context;
  const begin = async (people: readonly ActorId[], size: number): Promise<ConversationId> => {
    const mlsGroupId = randomBytes(32);
    const opening = { memberIds: people, isGroup: true, mlsGroupId, deviceId };
    const id = await createEncryptedConversation(context, opening);
    if (size > 1) await database.rows(ADD_DEVICES, [id, otherId, size - 1, null]);
    await database.rows(ADD_DEVICES, [id, otherId, size, 0]);
    return id;
  };
  await database.rows(EQUIP, [memberIds]);
  const smallGroup = await begin(memberIds.slice(0, 1), 1);
  const bigGroup = await begin(memberIds, 20);
  await database.rows(UNEQUIP);
  await database.rows(ADD_MESSAGES, [bigGroup, viewer!.actorId, 20]);
  return {
    smallGroup: toGlobalId('conversation', smallGroup),
    bigGroup: toGlobalId('conversation', bigGroup),
    mailboxDevice: toGlobalId('chatdevice', deviceId),
  };
}
