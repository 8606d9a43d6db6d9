/** Video posts of this server: as drafts, and whether others may keep a copy. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0056VideoPosts extends Migration {
  override up(): void {
    this.addSql(`alter table posts add column allows_download boolean not null default false`);
    this.addSql(`alter table drafts drop constraint drafts_kind_check`);
    this.addSql(
      `alter table drafts add constraint drafts_kind_check check (kind in ('photo', 'video'))`,
    );
  }
}
