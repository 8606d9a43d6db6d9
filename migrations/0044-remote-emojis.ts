/** Custom emoji of other servers: each server has names of its own. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0044RemoteEmojis extends Migration {
  override up(): void {
    this.addSql(`create table remote_emojis (
      id uuid primary key,
      domain text collate "C" not null,
      shortcode text collate "C" not null check (shortcode ~ '^[a-zA-Z0-9_]{2,64}$'),
      picture_url text not null,
      media_id uuid not null references media (id),
      created_at timestamptz not null,
      updated_at timestamptz not null,
      unique (domain, shortcode)
    )`);
    this.addSql(`create index remote_emojis_media on remote_emojis (media_id)`);
  }
}
