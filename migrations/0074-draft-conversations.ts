/** Encrypted conversations with servers that know no hub: best effort, in the order in which messages come. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0074DraftConversations extends Migration {
  override up(): void {
    this.addSql(`create table draft_conversations (
      conversation_id uuid primary key references conversations (id) on delete cascade,
      context_uri text
    )`);
    this.addSql(
      'create index draft_conversations_context on draft_conversations (context_uri) where context_uri is not null',
    );
    // A Welcome does not say of which group it is: it waits for the first message that does.
    this.addSql(`create table draft_welcomes (
      id uuid primary key,
      uri text not null unique,
      sender_id uuid not null references actors (id) on delete cascade,
      context_uri text,
      data bytea not null,
      device_ids uuid[] not null,
      received_at timestamptz not null
    )`);
    this.addSql('create index draft_welcomes_sender on draft_welcomes (sender_id, received_at)');
  }
}
