/** Mailboxes of large groups: what is put into hundreds of them at once is not looked up again row by row. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0084QuickMailboxes extends Migration {
  override up(): void {
    // Who writes an entry has stored its message and holds the lock of its mailbox. Entries go with either, all at once.
    this.addSql(`alter table mailbox_entries
      drop constraint mailbox_entries_actor_id_fkey,
      drop constraint mailbox_entries_message_id_fkey`);
    for (const [table, column, key] of [
      ['chat_messages', 'message_id', 'id'],
      ['mailboxes', 'actor_id', 'actor_id'],
    ]) {
      this
        .addSql(`create function remove_entries_of_${table}() returns trigger language plpgsql as $$ begin
        delete from mailbox_entries where ${column} in (select ${key} from gone);
        return null;
      end $$`);
      this
        .addSql(`create trigger ${table}_gone after delete on ${table} referencing old table as gone
        for each statement execute function remove_entries_of_${table}()`);
    }
    // Room for the next counter beside the last one: no index changes then.
    this.addSql('alter table mailboxes set (fillfactor = 50)');
  }
}
