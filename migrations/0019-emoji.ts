/** Custom emoji: pictures of this server with a name. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0019Emoji extends Migration {
  override up(): void {
    this.addSql(`create table emojis (
      id uuid primary key,
      shortcode text collate "C" not null unique check (shortcode ~ '^[a-zA-Z0-9_]{2,64}$'),
      category text,
      aliases text[] not null default '{}',
      media_id uuid not null references media (id),
      is_listed boolean not null default true,
      is_enabled boolean not null default true,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    this.addSql(`create index emojis_media on emojis (media_id)`);
  }
}
