/** Playlists: collections that hold videos alone. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0062Playlists extends Migration {
  override up(): void {
    this.addSql(
      `alter table collections add column holds text not null default 'POSTS' check (holds in ('POSTS', 'VIDEOS'))`,
    );
    this.addSql(`drop index collections_owner`);
    this.addSql(`create index collections_owner on collections (owner_id, holds, id desc)`);
  }
}
