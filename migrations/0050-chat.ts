/** Conversations between named people, and what they write to each other. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0050Chat extends Migration {
  override up(): void {
    this.addSql(`create table conversations (
      id uuid primary key,
      participants_digest bytea not null unique,
      is_group boolean not null,
      last_sequence integer not null default 0,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    this.addSql(`create table conversation_members (
      conversation_id uuid not null references conversations (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      joined_at timestamptz not null,
      is_request boolean not null,
      has_begun boolean not null,
      is_muted boolean not null default false,
      is_archived boolean not null default false,
      last_read_sequence integer not null default 0,
      position uuid not null,
      primary key (conversation_id, actor_id)
    )`);
    this.addSql(
      `create index conversation_members_recent on conversation_members (actor_id, position desc)`,
    );
    this.addSql(`create table chat_messages (
      id uuid primary key,
      conversation_id uuid not null references conversations (id) on delete cascade,
      sequence integer not null,
      sender_id uuid not null references actors (id) on delete cascade,
      uri text not null unique,
      content_html text not null,
      content_source text,
      client_message_id text,
      sent_at timestamptz not null,
      edited_at timestamptz,
      deleted_at timestamptz,
      unique (conversation_id, sequence)
    )`);
    this.addSql(
      `create unique index chat_messages_client on chat_messages (sender_id, client_message_id) where client_message_id is not null`,
    );
    this.addSql(`create index chat_messages_sender on chat_messages (sender_id, id)`);
  }
}
