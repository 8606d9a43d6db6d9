/** Encrypted conversations whose people are on several servers: whose they are, and how far each server has been told. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0072ConversationsAcrossServers extends Migration {
  override up(): void {
    // Both null = the conversation is of this server, which orders it.
    this.addSql(`alter table conversations
      drop column hub_url,
      add column hub_origin text,
      add column hub_uri text unique,
      add constraint conversations_hub check ((hub_origin is null) = (hub_uri is null))`);
    // Where the commit stands that took a device out, which may have left before.
    this.addSql('alter table conversation_devices add column removed_sequence integer');
    this.addSql(`create table conversation_mirrors (
      conversation_id uuid not null references conversations (id) on delete cascade,
      host text not null,
      told_sequence integer not null,
      primary key (conversation_id, host)
    )`);
    // By which key package a Welcome lets in a device of another server.
    this.addSql(`create table chat_welcomes (
      message_id uuid not null references chat_messages (id) on delete cascade,
      device_id uuid not null,
      ref bytea not null,
      primary key (message_id, device_id)
    )`);
    this.addSql(
      `create index chat_messages_welcomes on chat_messages (conversation_id, sequence) where kind = 'WELCOME'`,
    );
    // What a conversation says is sent by the server itself.
    this.addSql('alter table sent_activities alter column actor_id drop not null');
  }
}
