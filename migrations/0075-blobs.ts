/** Files that clients have encrypted, under addresses that are secrets, and the history that belongs to a backup of keys. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0075Blobs extends Migration {
  override up(): void {
    this.addSql(`create table blobs (
      media_id uuid primary key references media (id) on delete cascade,
      token text not null unique,
      expires_at timestamptz
    )`);
    this.addSql(`create index blobs_expiry on blobs (expires_at) where expires_at is not null`);
    this.addSql(
      `alter table chat_key_backups add column history_id uuid references media (id) on delete set null`,
    );
    this.addSql(
      `create index chat_key_backups_history on chat_key_backups (history_id) where history_id is not null`,
    );
  }
}
