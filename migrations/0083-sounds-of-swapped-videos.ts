/** Of which video a sound is known, as posts may show another one later. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0083SoundsOfSwappedVideos extends Migration {
  override up(): void {
    this.addSql(
      `alter table sound_uses add column media_id uuid references media (id) on delete set null`,
    );
    // one that was swapped before is taken for what is shown now
    this.addSql(`update sound_uses used set media_id = part.media_id from post_media part
      where part.post_id = used.post_id and part.position = (select min(position) from post_media where post_id = used.post_id)`);
    this.addSql(
      `create index sound_uses_media on sound_uses (media_id) where media_id is not null`,
    );
    // a sound whose video is shown nowhere any more has no origin
    this.addSql(`alter table sounds alter column origin_id drop not null`);
  }
}
