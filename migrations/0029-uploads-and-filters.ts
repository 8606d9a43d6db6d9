/**
 * Each upload asks how many its owner has begun and has open: by an index, however many there are of others. Keyword
 * filters apply to searches, too.
 */
import { Migration } from '@mikro-orm/migrations';

export class Migration0029UploadsAndFilters extends Migration {
  override up(): void {
    this.addSql(`create index uploads_owner on uploads (owner_id, created_at)`);
    this.addSql(`create index uploads_open_of_owner on uploads (owner_id) where state = 'OPEN'`);
    this.addSql(`alter table content_filters drop constraint content_filters_contexts_check`);
    this.addSql(`alter table content_filters add constraint content_filters_contexts_check check (
      cardinality(contexts) > 0
        and contexts <@ array['HOME', 'PUBLIC', 'NOTIFICATIONS', 'COMMENTS', 'PROFILE', 'SEARCH'])`);
  }
}
