/** A bounded cache of what other servers have: when it was used last, and whether its files are here. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0046RemoteMedia extends Migration {
  override up(): void {
    // Apart from the assets: uses are written often.
    this.addSql(`create table remote_media (
      media_id uuid primary key references media (id) on delete cascade,
      stored_bytes bigint not null,
      used_at timestamptz not null,
      dropped_at timestamptz,
      asked_at timestamptz,
      retry_at timestamptz
    )`);
    this.addSql(
      `create index remote_media_used on remote_media (used_at) include (stored_bytes) where dropped_at is null`,
    );
    // A rendition whose file was dropped keeps its address.
    this.addSql(`alter table renditions alter column storage_key drop not null`);
    this.addSql(`insert into remote_media (media_id, stored_bytes, used_at)
      select m.id, (select coalesce(sum(r.size_bytes), 0) from renditions r where r.media_id = m.id), now()
      from media m where m.remote_url is not null and m.state = 'READY' and m.deleted_at is null`);
    // The broom finds the originals.
    this.addSql(`update media m set original_key = null, stored_bytes = c.stored_bytes
      from remote_media c where c.media_id = m.id`);
  }
}
