/** Encrypted conversations: who is in which group, one mailbox for each person, one cursor for each device. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0071EncryptedChat extends Migration {
  override up(): void {
    this.addSql(`alter table conversations
      alter column participants_digest drop not null,
      add column encryption text not null default 'NONE',
      add column hub_url text,
      add column mls_group_id bytea unique,
      add column epoch integer not null default 0,
      add column group_info bytea,
      add column disappearing_seconds integer`);
    this.addSql('alter table conversations alter column group_info set storage external');
    this.addSql(`alter table conversation_members
      add column role text not null default 'MEMBER',
      add column joined_sequence integer not null default 0`);
    this.addSql(`alter table chat_messages
      add column kind text not null default 'PLAINTEXT',
      add column epoch integer,
      add column sender_device_id uuid,
      add column ciphertext bytea,
      add column expires_at timestamptz`);
    this.addSql('alter table chat_messages alter column ciphertext set storage external');
    // A Welcome has the place of the commit that it comes with.
    this.addSql(
      'alter table chat_messages drop constraint chat_messages_conversation_id_sequence_key',
    );
    this.addSql(
      `create unique index chat_messages_in_order on chat_messages (conversation_id, sequence) where kind <> 'WELCOME'`,
    );
    this.addSql(
      `create index chat_messages_commits on chat_messages (conversation_id, epoch) where kind = 'COMMIT'`,
    );
    this.addSql(
      'create index chat_messages_expiring on chat_messages (expires_at) where expires_at is not null',
    );
    this.addSql(
      `create index chat_messages_encrypted on chat_messages (id) where kind <> 'PLAINTEXT'`,
    );
    // Who is gone leaves behind what the others need to read on, until they have it.
    this.addSql(`alter table chat_messages drop constraint chat_messages_sender_id_fkey,
      add constraint chat_messages_sender_id_fkey foreign key (sender_id) references actors (id)`);
    this.addSql(`create table conversation_devices (
      conversation_id uuid not null references conversations (id) on delete cascade,
      device_id uuid not null,
      actor_id uuid not null references actors (id),
      joined_sequence integer not null,
      joined_epoch integer not null,
      left_sequence integer,
      removed_epoch integer,
      primary key (conversation_id, device_id, joined_sequence)
    )`);
    this.addSql(
      `create unique index conversation_devices_in_group on conversation_devices (conversation_id, device_id) where removed_epoch is null`,
    );
    this.addSql(
      `create index conversation_devices_of_device on conversation_devices (device_id) where removed_epoch is null`,
    );
    this.addSql('create index conversation_devices_actor on conversation_devices (actor_id)');
    this.addSql(`create table mailboxes (
      actor_id uuid primary key references actors (id) on delete cascade,
      head bigint not null default 0
    )`);
    this.addSql(`create table mailbox_entries (
      actor_id uuid not null references mailboxes (actor_id) on delete cascade,
      position bigint not null,
      message_id uuid not null references chat_messages (id) on delete cascade,
      device_id uuid,
      primary key (actor_id, position)
    )`);
    this.addSql('create index mailbox_entries_message on mailbox_entries (message_id)');
    this.addSql(`create table mailbox_cursors (
      device_id uuid primary key,
      actor_id uuid not null references mailboxes (actor_id) on delete cascade,
      position bigint not null
    )`);
    this.addSql('create index mailbox_cursors_actor on mailbox_cursors (actor_id)');
    this.addSql(`create table commit_leases (
      conversation_id uuid not null references conversations (id) on delete cascade,
      device_id uuid not null,
      asked_at timestamptz not null,
      asked_last_at timestamptz not null,
      held_until timestamptz,
      primary key (conversation_id, device_id)
    )`);
  }
}
