/** Playlists have one type, that under which they are served. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0055PlaylistTypes extends Migration {
  override up(): void {
    this.addSql(`update media set mime_type = 'application/vnd.apple.mpegurl',
        video = replace(video::text, '"application/x-mpegURL"', '"application/vnd.apple.mpegurl"')::jsonb
      where kind = 'video' and video is not null and mime_type = 'application/x-mpegURL'`);
  }
}
