/** The order of conversations in lists, without a write for each of many people whenever somebody writes. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0088ListedConversations extends Migration {
  override up(): void {
    // Where a conversation stands for all of its people; null = as each of them says. No row is rewritten for it.
    this.addSql('alter table conversations add column position uuid');
    // What each says is right to about five hours: it finds the conversations, which then say the rest.
    this.addSql(
      `create index conversation_members_listed on conversation_members (actor_id, (left(position::text, 6) collate "C") desc)`,
    );
    this.addSql('drop index conversation_members_recent');
    // Few of many: those who have not accepted, and those who have put it away.
    this.addSql(
      `create index conversation_members_apart on conversation_members (conversation_id) where is_request or is_archived`,
    );
  }
}
